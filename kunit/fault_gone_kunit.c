// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/fault.c: rules for a link whose net device goes. */

#include <kunit/test.h>
#include <linux/netlink.h>
#include <linux/string.h>

#include "proto/fault.h"
#include "proto/link.h"

/* sio_link_find() found it a moment before */
static void sio_fault_set__link_is_gone(struct kunit *test)
{
	struct sio_link *link = kunit_kzalloc(test, sizeof(*link), GFP_KERNEL);
	struct netlink_ext_ack extack = {};

	KUNIT_ASSERT_NOT_NULL(test, link);
	KUNIT_EXPECT_EQ(test, sio_fault_set(link, NULL, 0, 1, &extack), 0);
	KUNIT_EXPECT_NULL(test, extack._msg);
	link->is_gone = true;
	KUNIT_EXPECT_EQ(test, sio_fault_set(link, NULL, 0, 1, &extack),
			-ENODEV);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(extack._msg, "is gone"));
}

static struct kunit_case sio_fault_gone_cases[] = {
	KUNIT_CASE(sio_fault_set__link_is_gone),
	{}
};

static struct kunit_suite sio_fault_gone_suite = {
	.name = "fault_gone",
	.test_cases = sio_fault_gone_cases,
};

kunit_test_suite(sio_fault_gone_suite);
