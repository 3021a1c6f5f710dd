// SPDX-License-Identifier: GPL-2.0
/* The tracepoints' own code. */
#define CREATE_TRACE_POINTS
#include "trace.h"

/* The ends report the steps they know of */
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_queue);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_complete);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_resend);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_quarantine);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_receive);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_take);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_pull);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_submit);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_end);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_answer);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_replay);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_req_cancel);
EXPORT_TRACEPOINT_SYMBOL_GPL(sio_fence);
