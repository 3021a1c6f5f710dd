// SPDX-License-Identifier: GPL-2.0
/* A session in one line: where it stands, and why it waits. */
#include <stdio.h>
#include <stdlib.h>

#include <splitio/core.h>

#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

static void sio_session_features(const struct sio_obj *sess)
{
	__u64 bits = sio_obj_u64(sess, SIO_A_SESS_FEATURES);
	char text[16];
	int i;

	sio_json_open("features", '[');
	for (i = 0; i < 64; i++) {
		if (!(bits >> i & 1))
			continue;
		snprintf(text, sizeof(text), "bit%d", i);
		sio_json_str(NULL, sio_feature_word(i) ?
			     sio_feature_word(i) : text);
	}
	sio_json_close(']');
}

static const char *sio_session_state(const struct sio_obj *sess)
{
	const char *word;

	word = sio_state_word(sio_obj_u32(sess, SIO_A_SESS_STATE));
	return word ? word : "unknown";
}

/**
 * sio_session_json() - write a session
 * @sess: the session
 * @key: its name in the object around it, NULL within an array
 */
void sio_session_json(const struct sio_obj *sess, const char *key)
{
	const struct sio_why_text *why;

	why = sio_why(sio_obj_u32(sess, SIO_A_SESS_WHY));
	sio_json_open(key, '{');
	sio_json_str("name", sio_obj_str(sess, SIO_A_SESS_NAME));
	sio_json_str("state", sio_session_state(sess));
	sio_json_str("why", why->word);
	sio_json_str("why_text", why->text);
	sio_field_num(sess, "detail", SIO_A_SESS_DETAIL);
	sio_json_num("since_ms", sio_obj_u64(sess, SIO_A_SESS_SINCE_MS));
	sio_field_num(sess, "next_ms", SIO_A_SESS_NEXT_MS);
	sio_json_num("dials", sio_obj_u64(sess, SIO_A_SESS_DIALS));
	sio_json_num("epoch", sio_obj_u64(sess, SIO_A_SESS_EPOCH));
	sio_json_num("flows", sio_obj_u64(sess, SIO_A_SESS_FLOWS));
	sio_field_num(sess, "flows_wanted", SIO_A_SESS_FLOWS_WANTED);
	sio_field_str(sess, "link", SIO_A_SESS_IFNAME);
	sio_field_num(sess, "ifindex", SIO_A_SESS_IFINDEX);
	sio_field_addr(sess, "local", SIO_A_SESS_LOCAL);
	sio_field_num(sess, "local_port", SIO_A_SESS_LOCAL_PORT);
	sio_field_addr(sess, "peer", SIO_A_SESS_PEER);
	sio_field_num(sess, "peer_port", SIO_A_SESS_PEER_PORT);
	sio_session_features(sess);
	sio_json_bool("insecure", sio_obj_u32(sess, SIO_A_SESS_INSECURE));
	sio_field_num(sess, "mss", SIO_A_SESS_MSS);
	sio_field_num(sess, "msg_max", SIO_A_SESS_MSG_MAX);
	sio_json_num("srtt_us", sio_obj_u64(sess, SIO_A_SESS_SRTT_US));
	sio_json_num("held", sio_obj_u64(sess, SIO_A_SESS_HELD));
	sio_json_num("oldest_ms", sio_obj_u64(sess, SIO_A_SESS_OLDEST_MS));
	sio_field_uuid(sess, "instance", SIO_A_SESS_INSTANCE);
	sio_field_uuid(sess, "boot", SIO_A_SESS_BOOT);
	sio_field_uuid(sess, "peer_instance", SIO_A_SESS_PEER_INSTANCE);
	sio_field_uuid(sess, "peer_boot", SIO_A_SESS_PEER_BOOT);
	sio_stats_json(sess, "stats", SIO_A_SESS_STAT);
	sio_stats_json(sess, "round_trip_us", SIO_A_SESS_HIST);
	sio_json_close('}');
}

/* What the reason refers to, in brackets. */
static void sio_session_detail(FILE *out, const struct sio_obj *sess,
			       unsigned int why)
{
	__u64 detail = sio_obj_u64(sess, SIO_A_SESS_DETAIL);

	if (!sio_obj_has(sess, SIO_A_SESS_DETAIL))
		return;
	if (why == SIO_WHY_VERSION)
		fprintf(out, " (version %llu)", (unsigned long long)detail);
	else if (why == SIO_WHY_FEATURE)
		fprintf(out, " (bits 0x%llx)", (unsigned long long)detail);
	else if (why == SIO_WHY_MTU && detail)
		fprintf(out, " (%llu bytes pass)", (unsigned long long)detail);
}

static void sio_session_up_text(FILE *out, const struct sio_obj *sess)
{
	__u32 flows = sio_obj_u32(sess, SIO_A_SESS_FLOWS);
	__u32 wanted = sio_obj_u32(sess, SIO_A_SESS_FLOWS_WANTED);
	__u32 srtt = sio_obj_u32(sess, SIO_A_SESS_SRTT_US);

	if (sio_obj_has(sess, SIO_A_SESS_IFNAME))
		sio_safe_print(out, " on %s",
			       sio_obj_str(sess, SIO_A_SESS_IFNAME));
	if (wanted > flows)
		fprintf(out, ", %u of %u flows", flows, wanted);
	else
		fprintf(out, ", %u flow%s", flows, flows == 1 ? "" : "s");
	fprintf(out, ", epoch %u", sio_obj_u32(sess, SIO_A_SESS_EPOCH));
	if (srtt)
		fprintf(out, ", round trip %u.%02u ms", srtt / 1000,
			srtt % 1000 / 10);
	if (sio_obj_u32(sess, SIO_A_SESS_WHY) == SIO_WHY_MTU)
		fprintf(out, ", only %llu bytes pass the path",
			(unsigned long long)sio_obj_u64(sess,
							SIO_A_SESS_DETAIL));
	if (sio_obj_u32(sess, SIO_A_SESS_INSECURE))
		fputs(", insecure: no key", out);
}

static void sio_session_held_text(FILE *out, const struct sio_obj *sess)
{
	__u32 held = sio_obj_u32(sess, SIO_A_SESS_HELD);
	char age[SIO_SPAN_TEXT_LEN];

	if (!held)
		return;
	fprintf(out, "; %u request%s held, oldest %s", held,
		held == 1 ? "" : "s",
		sio_span_text(sio_obj_u64(sess, SIO_A_SESS_OLDEST_MS), age));
}

/**
 * sio_session_text() - write where a session stands, and why
 * @out: where to
 * @sess: the session
 */
void sio_session_text(FILE *out, const struct sio_obj *sess)
{
	unsigned int state = sio_obj_u32(sess, SIO_A_SESS_STATE);
	unsigned int why = sio_obj_u32(sess, SIO_A_SESS_WHY);
	char addr[SIO_ADDR_TEXT_LEN];
	char span[SIO_SPAN_TEXT_LEN];
	const void *peer;
	size_t len;

	fprintf(out, "%s %s", sio_session_state(sess),
		sio_span_text(sio_obj_u64(sess, SIO_A_SESS_SINCE_MS), span));
	peer = sio_obj_data(sess, SIO_A_SESS_PEER, &len);
	if (peer)
		fprintf(out, " %s %s",
			state == SIO_STATE_WAITING ? "for" : "with",
			sio_addr_text(peer, len, addr));
	if (state == SIO_STATE_UP) {
		sio_session_up_text(out, sess);
	} else if (why != SIO_WHY_NONE) {
		fprintf(out, ": %s", sio_why(why)->text);
		sio_session_detail(out, sess, why);
	}
	if (state != SIO_STATE_UP && sio_obj_has(sess, SIO_A_SESS_NEXT_MS))
		fprintf(out, ", next in %s",
			sio_span_text(sio_obj_u64(sess, SIO_A_SESS_NEXT_MS),
				      span));
	sio_session_held_text(out, sess);
}

/**
 * sio_session_sentence() - where a session stands, and why, in one string
 * @sess: the session
 *
 * Return: the sentence, to be freed; NULL without memory.
 */
char *sio_session_sentence(const struct sio_obj *sess)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	sio_session_text(out, sess);
	fclose(out);
	return text;
}
