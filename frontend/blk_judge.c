// SPDX-License-Identifier: GPL-2.0
/* Which disks may be believed, as they are announced. */
#include <linux/log2.h>

#include "blk.h"

/**
 * sio_fe_disk_judge() - may this disk be believed?
 * @dev_rec: begins a struct sio_rec_blk from the wire
 *
 * Return: 0 or -EINVAL.
 */
int sio_fe_disk_judge(const struct sio_rec_dev *dev_rec)
{
	const struct sio_rec_blk *rec = sio_fe_blk_rec(dev_rec);
	u32 align = le32_to_cpu(rec->discard_align);
	u32 queues = le16_to_cpu(rec->dev.queues);
	u64 sectors = le64_to_cpu(rec->sectors);
	u32 len_max = le32_to_cpu(rec->len_max);
	u32 phys = le32_to_cpu(rec->phys_block);
	u32 slots = le16_to_cpu(rec->slots);
	u32 block = le32_to_cpu(rec->block);

	if (le32_to_cpu(rec->flags) & ~SIO_BLK_F_ALL || rec->reserved)
		return -EINVAL;
	if (!is_power_of_2(block) || block < SIO_SECTOR || block > PAGE_SIZE ||
	    !is_power_of_2(phys) || phys < block)
		return -EINVAL;
	if (!sectors || sectors > LLONG_MAX / SIO_SECTOR ||
	    sectors % (block / SIO_SECTOR))
		return -EINVAL;
	if (!len_max || len_max % SIO_BLK_PART || len_max > SIO_BLK_LEN_MAX)
		return -EINVAL;
	if (align % block || le32_to_cpu(rec->io_min) % block ||
	    le32_to_cpu(rec->io_opt) % block)
		return -EINVAL;
	if (!queues || slots > SIO_SLOTS_MAX || slots % queues ||
	    slots / queues < 2)
		return -EINVAL;
	return 0;
}
