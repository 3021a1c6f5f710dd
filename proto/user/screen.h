/* SPDX-License-Identifier: GPL-2.0 */
/* A picture on standard output that is drawn again and again. */
#ifndef _SIO_USER_SCREEN_H
#define _SIO_USER_SCREEN_H

#include <stdbool.h>

void sio_screen_begin(bool is_picture);
void sio_screen_draw(const char *text);
bool sio_screen_wait(double until_s, const char *text);
void sio_screen_end(void);
double sio_screen_now(void);

#endif /* _SIO_USER_SCREEN_H */
