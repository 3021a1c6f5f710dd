/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: frames, drops, states and control requests. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM splitio

#if !defined(SIO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SIO_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(sio_frame,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u32, len)
		__field(u8, what)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->len = len;
		__entry->what = what;
	),
	TP_printk("ifindex=%d len=%u what=%u", __entry->ifindex, __entry->len,
		  __entry->what)
);

DEFINE_EVENT(sio_frame, sio_tx,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what)
);

DEFINE_EVENT(sio_frame, sio_rx,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what)
);

TRACE_EVENT(sio_drop,
	TP_PROTO(const struct net_device *dev, int why),
	TP_ARGS(dev, why),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(int, why)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->why = why;
	),
	TP_printk("ifindex=%d why=%d", __entry->ifindex, __entry->why)
);

TRACE_EVENT(sio_state,
	TP_PROTO(const char *name, int state, int why),
	TP_ARGS(name, state, why),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__field(int, state)
		__field(int, why)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, sizeof(__entry->name));
		__entry->state = state;
		__entry->why = why;
	),
	TP_printk("session=%s state=%d why=%d", __entry->name, __entry->state,
		  __entry->why)
);

#endif /* SIO_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
