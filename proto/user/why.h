/* SPDX-License-Identifier: GPL-2.0 */
/* The one table of words and sentences for states, reasons and events. */
#ifndef _SIO_USER_WHY_H
#define _SIO_USER_WHY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct sio_why_text - one reason
 * @word: in JSON
 * @text: sentence without a full stop
 * @cure: what to do about it, NULL if it mends by itself
 * @verdict: the peer answered, and waiting will not change its mind
 */
struct sio_why_text {
	const char *word;
	const char *text;
	const char *cure;
	bool verdict;
};

const struct sio_why_text *sio_why(unsigned int why);
const char *sio_state_word(unsigned int state);
const char *sio_dev_state_word(unsigned int state);
const char *sio_dev_type_word(unsigned int type);
const char *sio_on_loss_word(unsigned int on_loss);
const char *sio_disk_wrong_word(unsigned int wrong);
const char *sio_event_word(unsigned int event);
const char *sio_feature_word(unsigned int bit);
int sio_state_find(const char *word);
int sio_dev_state_find(const char *word);
int sio_fault_find(const char *word);
int sio_msg_type_find(const char *word);
void sio_words_list(char *buf, size_t size, const char *(*word)(unsigned int));

#endif /* _SIO_USER_WHY_H */
