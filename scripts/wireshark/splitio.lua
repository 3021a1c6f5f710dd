-- SPDX-License-Identifier: GPL-2.0
-- Wireshark dissector for the wire of Split I/O, proto/PROTOCOL.md.
--
-- Copy it to the folder of personal Lua plugins (Help, About, Folders; mostly
-- ~/.local/lib/wireshark/plugins), or name it for one run:
--
--	tshark -X lua_script:splitio.lua -r file.pcap -Y 'splitio.type == 48'
--
-- For Wireshark 4.0 and newer. Another port: preference splitio.port, or
-- "Decode As". Fields are called as in proto/wire.h: splitio.slot_seq,
-- splitio.blk_req.sector. scripts/gates/dissector.sh compares the tables below
-- with that header, by their text: keep their form.

local sio = Proto("splitio", "Split I/O")
-- A second one, called at the end of each frame: TCP's dissector hands over
-- neither segments without payload nor, unless told otherwise, what is late.
local bare = Proto("splitio_bare", "Split I/O, segments not handed over")

-- --- what the numbers of wire.h mean ------------------------------------

local SIO_PROTO_VERSION = 1
local SIO_HDR_LEN = 64
local SIO_MSG_LEN_MAX = 65483
local SIO_WINDOW_HI = 0xff
local SIO_REC_ALIGN = 4
local SIO_DH_LEN = 32
local SIO_TAG_LEN = 16
local SIO_MAC_LEN = 6

local sio_msg_type = {
	HELLO = 1, HELLO_ACK = 2, CONFIRM = 3, WELCOME = 4, REFUSE = 5,
	PROBE = 6, PROBE_ACK = 7, JOIN = 8, JOIN_ACK = 9,
	CTL_REQ = 16, CTL_RSP = 17, CTL_BUSY = 18,
	PACKET = 32,
	BLK_REQ = 48, BLK_RSP = 49, BLK_BUSY = 50, BLK_PULL = 51,
	BLK_DATA = 52,
}
local sio_rec_type = {
	PACKET = 1, DEV = 2, DEV_GONE = 3, DEV_STATUS = 4, NIC_MODE = 5,
	BLK = 6, BLK_REQ = 7, BLK_RSP = 8, BLK_SPAN = 9, BLK_DONE = 10,
}
local sio_suite = { CLEAR = 0, CHACHA = 1 }
local sio_refuse = {
	KEY = 1, KEY_NEEDED = 2, VERSION = 3, FEATURE = 4, CLONE = 5,
	BUSY = 6, STALE = 7, MTU = 8,
}
local sio_ctl_op = {
	PING = 1, GOODBYE = 2, DEVS = 3, NIC_MODE = 4, BLK_DONE = 5,
}
local sio_blk_op = {
	READ = 0, WRITE = 1, FLUSH = 4, DISCARD = 11, ZEROES = 13,
}
local sio_blk_status = {
	OK = 0, IOERR = 1, UNSUPP = 2, RANGE = 16, READ_ONLY = 17,
	NOSPC = 18, MEDIUM = 19, GONE = 20,
}
local sio_msg_flags = { CRC = 0x01 }
local sio_rec_flags = { MORE = 0x01, CONT = 0x02 }
local sio_dev_flags = { ANY_MAC = 0x01 }
local sio_nic_offloads = {
	CSUM = 0x01, TSO4 = 0x02, TSO6 = 0x04, USO = 0x08, ECN = 0x10,
}
local sio_nic_flags = { OPEN = 0x01, PROMISC = 0x02, ALLMULTI = 0x04 }
local sio_blk_flags = {
	READ_ONLY = 0x01, CACHE = 0x02, DISCARD = 0x04, ZEROES = 0x08,
	ROTATIONAL = 0x10, CRC = 0x20,
}
local sio_blk_req_flags = { FUA = 0x01, UNMAP = 0x02 }
local sio_feat = {
	NIC = 0x01, BLK = 0x02, CRC = 0x04, SEALED = 0x08, FLOWS = 0x10,
}
local virtio_flags = { NEEDS_CSUM = 0x01, DATA_VALID = 0x02 }

-- --- structs, and fields made from them -----------------------------------

local fields = {}

local function field(make, name, ...)
	local f = make("splitio." .. name, ...)

	fields[#fields + 1] = f
	return f
end

local names_cache = {}

local function names_of(enum)
	local names = names_cache[enum]

	if not names then
		names = {}
		names_cache[enum] = names
		for name, value in pairs(enum) do
			names[value] = name
		end
	end
	return names
end

-- Bits in a row of their names, lowest first.
local function bits_text(value, bits)
	local sorted, text = {}, {}

	for name, bit_value in pairs(bits) do
		sorted[#sorted + 1] = { bit_value, name }
	end
	table.sort(sorted, function(a, b) return a[1] < b[1] end)
	for _, bit_name in ipairs(sorted) do
		if math.floor(value / bit_name[1]) % 2 == 1 then
			text[#text + 1] = bit_name[2]
		end
	end
	return table.concat(text, ", ")
end

local ints = {
	[1] = ProtoField.uint8, [2] = ProtoField.uint16,
	[4] = ProtoField.uint32, [8] = ProtoField.uint64,
}
local kinds = {
	name = ProtoField.stringz, mac = ProtoField.ether,
	bytes = ProtoField.bytes,
}

-- A member is { name, bytes, how it is shown }: nothing for a number, "hex",
-- "name", "mac", "bytes", { enum = table } or { bits = table }; or it is
-- { name, struct }. prefix comes before the names of its fields.
local function struct(prefix, members)
	local s = { len = 0, at = {}, prefix = prefix }

	for i, member in ipairs(members) do
		local name, size, how = member[1], member[2], member[3]
		local m = { name = name, at = s.len, size = size }

		if type(size) == "table" then
			m.struct, m.size = size, size.len
		elseif kinds[how] then
			m.field = field(kinds[how], prefix .. name, name)
			m.is_text = true
		elseif type(how) == "table" and how.enum then
			m.field = field(ints[size], prefix .. name, name,
					base.DEC, names_of(how.enum))
		elseif how then
			m.field = field(ints[size], prefix .. name, name,
					base.HEX)
			m.bits = type(how) == "table" and how.bits
		else
			m.field = field(ints[size], prefix .. name, name,
					base.DEC)
		end
		s[i] = m
		s.at[name] = m
		s.len = s.len + m.size
	end
	return s
end

local msg_hdr = struct("", { -- struct sio_msg_hdr
	{ "version", 1 },
	{ "type", 1, { enum = sio_msg_type } },
	{ "flags", 1, { bits = sio_msg_flags } },
	{ "hdr_len", 1 },
	{ "len", 4 },
	{ "offset", 8 },
	{ "dev", 4 },
	{ "gen", 4 },
	{ "epoch", 4 },
	{ "slot_seq", 4 },
	{ "slot", 2 },
	{ "queue", 2 },
	{ "suite", 1, { enum = sio_suite } },
	{ "nr_recs", 1 },
	{ "reserved", 2, "hex" },
	{ "crc", 4, "hex" },
	{ "tag", 16, "bytes" },
	{ "reserved2", 4, "hex" },
})
local msg_hello = struct("hello.", { -- struct sio_msg_hello
	{ "name", 32, "name" },
	{ "offered", 8, { bits = sio_feat } },
	{ "required", 8, { bits = sio_feat } },
	{ "insecure", 1 },
	{ "reserved", 7, "bytes" },
})
local msg_confirm = struct("confirm.", { -- struct sio_msg_confirm
	{ "mss", 2 },
	{ "reserved", 6, "bytes" },
})
local msg_refuse = struct("refuse.", { -- struct sio_msg_refuse
	{ "detail", 8 },
	{ "why", 1, { enum = sio_refuse } },
	{ "reserved", 7, "bytes" },
})
local msg_join = struct("join.", { -- struct sio_msg_join
	{ "name", 32, "name" },
	{ "epoch", 4 },
	{ "flow", 2 },
	{ "reserved", 2, "hex" },
	{ "nonce", 32, "bytes" },
	{ "mac", 16, "bytes" },
})
local msg_ctl = struct("ctl.", { -- struct sio_msg_ctl
	{ "op", 2, { enum = sio_ctl_op } },
	{ "status", 2 },
	{ "arg", 2 },
	{ "reserved", 2, "hex" },
})
local rec_hdr = struct("rec.", { -- struct sio_rec_hdr
	{ "len", 4 },
	{ "type", 1, { enum = sio_rec_type } },
	{ "flags", 1, { bits = sio_rec_flags } },
	{ "reserved", 2, "hex" },
})
local vnet_hdr = struct("vnet.", { -- struct sio_vnet_hdr
	{ "flags", 1, { bits = virtio_flags } },
	{ "gso_type", 1, "hex" },
	{ "hdr_len", 2 },
	{ "gso_size", 2 },
	{ "csum_start", 2 },
	{ "csum_offset", 2 },
	{ "num_buffers", 2 },
})
local rec_packet = struct("packet.", { -- struct sio_rec_packet
	{ "rec", rec_hdr },
	{ "vnet", vnet_hdr },
})
local rec_dev = struct("dev_rec.", { -- struct sio_rec_dev
	{ "rec", rec_hdr },
	{ "dev", 4 },
	{ "gen", 4 },
	{ "dev_type", 1 },
	{ "carrier", 1 },
	{ "queues", 2 },
	{ "mtu", 4 },
	{ "offloads", 4, { bits = sio_nic_offloads } },
	{ "mac", 6, "mac" },
	{ "flags", 2, { bits = sio_dev_flags } },
	{ "name", 32, "name" },
	{ "uuid", 16, "bytes" },
})
local rec_dev_id = struct("dev_id.", { -- struct sio_rec_dev_id
	{ "rec", rec_hdr },
	{ "dev", 4 },
	{ "gen", 4 },
})
local rec_dev_status = struct("dev_status.", { -- struct sio_rec_dev_status
	{ "rec", rec_hdr },
	{ "dev", 4 },
	{ "gen", 4 },
	{ "status", 4 },
})
local rec_nic_mode = struct("nic_mode.", { -- struct sio_rec_nic_mode
	{ "rec", rec_hdr },
	{ "dev", 4 },
	{ "gen", 4 },
	{ "flags", 4, { bits = sio_nic_flags } },
	{ "mtu", 4 },
	{ "nr_addrs", 2 },
	{ "nr_vlans", 2 },
	{ "mac", 6, "mac" },
	{ "reserved", 2, "hex" },
})
local rec_blk = struct("blk.", { -- struct sio_rec_blk
	{ "dev", rec_dev },
	{ "flags", 4, { bits = sio_blk_flags } },
	{ "sectors", 8 },
	{ "block", 4 },
	{ "phys_block", 4 },
	{ "io_min", 4 },
	{ "io_opt", 4 },
	{ "len_max", 4 },
	{ "discard_max", 4 },
	{ "discard_align", 4 },
	{ "zeroes_max", 4 },
	{ "unasked", 4 },
	{ "slots", 2 },
	{ "reserved", 2, "hex" },
})
local rec_blk_req = struct("blk_req.", { -- struct sio_rec_blk_req
	{ "rec", rec_hdr },
	{ "sector", 8 },
	{ "len", 4 },
	{ "skip", 4 },
	{ "op", 1, { enum = sio_blk_op } },
	{ "flags", 1, { bits = sio_blk_req_flags } },
	{ "reserved", 2, "hex" },
	{ "reserved2", 4, "hex" },
})
local rec_blk_rsp = struct("blk_rsp.", { -- struct sio_rec_blk_rsp
	{ "rec", rec_hdr },
	{ "off", 4 },
	{ "status", 1, { enum = sio_blk_status } },
	{ "reserved", 3, "bytes" },
})
local rec_blk_span = struct("blk_span.", { -- struct sio_rec_blk_span
	{ "rec", rec_hdr },
	{ "off", 4 },
	{ "len", 4 },
})
local blk_done = struct("done.", { -- struct sio_blk_done
	{ "slot_seq", 4 },
	{ "slot", 2 },
	{ "status", 1, { enum = sio_blk_status } },
	{ "reserved", 1, "hex" },
})
local rec_blk_done = struct("blk_done.", { -- struct sio_rec_blk_done
	{ "rec", rec_hdr },
	{ "dev", 4 },
	{ "gen", 4 },
})

local f_seg = field(ProtoField.string, "segment", "Segment")
local f_msg_at = field(ProtoField.uint64, "segment.msg_offset",
		       "Offset of the message, from TSval and window",
		       base.DEC)
local f_place = field(ProtoField.uint32, "segment.place",
		      "Place in the message", base.DEC)
local f_bytes = field(ProtoField.uint32, "segment.bytes",
		      "Bytes of the message here", base.DEC)
local f_wrap = field(ProtoField.uint8, "segment.wrap",
		     "Bits 32 to 39 of the offset, from the window", base.DEC)
local f_whole_in = field(ProtoField.framenum, "whole_in",
			 "Message is whole in frame", base.NONE)
local f_part = field(ProtoField.framenum, "part", "Part of it in frame",
		     base.NONE)
local f_repeat_of = field(ProtoField.framenum, "repeat_of",
			  "Seen before in frame", base.NONE)
local f_guest = field(ProtoField.string, "guest", "Guest, by its hello")
local f_noise_e = field(ProtoField.bytes, "noise.e", "Noise: ephemeral key")
local f_noise_info = field(ProtoField.bytes, "noise.info",
			   "Noise: sealed struct sio_hello_info")
local f_noise_tag = field(ProtoField.bytes, "noise.tag", "Noise: tag")
local f_sealed = field(ProtoField.bytes, "sealed", "Sealed body")
local f_record = field(ProtoField.none, "record", "Record")
local f_padding = field(ProtoField.bytes, "padding", "Padding")
local f_data = field(ProtoField.bytes, "data", "Data")
local f_frame_part = field(ProtoField.bytes, "packet.part",
			   "Part of an Ethernet frame")
local f_addr = field(ProtoField.ether, "nic_mode.addr", "Address")
local f_vlan = field(ProtoField.uint16, "nic_mode.vlan", "VLAN", base.DEC)
local f_cut = field(ProtoField.string, "cut", "Not in the capture")
local f_rsp_in = field(ProtoField.framenum, "response_in", "Answer in frame",
		       base.NONE, frametype.RESPONSE)
local f_req_in = field(ProtoField.framenum, "response_to",
		       "Answers the request in frame", base.NONE,
		       frametype.REQUEST)
local f_first_in = field(ProtoField.framenum, "request_in",
			 "Belongs to the request in frame", base.NONE,
			 frametype.REQUEST)
local f_time = field(ProtoField.relative_time, "time",
		     "Time since the request")
sio.fields = fields

local experts = {}

local function warning(name, text, group)
	local x = ProtoExpert.new("splitio." .. name, text, group,
				  expert.severity.WARN)

	experts[#experts + 1] = x
	return x
end

local x_version = warning("unknown_version", "Unknown protocol version",
			  expert.group.UNDECODED)
local x_type = warning("unknown_type", "Unknown type",
		       expert.group.UNDECODED)
local x_len = warning("bad_length", "Bad length", expert.group.PROTOCOL)
local x_reserved = warning("bad_reserved", "Reserved bits or bytes are not zero",
			   expert.group.PROTOCOL)
local x_suite = warning("bad_suite", "This type is not sent in this suite",
			expert.group.PROTOCOL)
local x_place = warning("bad_place", "Not where the segment says it is",
			expert.group.SEQUENCE)
local x_window = warning("bad_window", "High byte of the window is not 0xff",
			 expert.group.PROTOCOL)
local x_crc = warning("bad_crc", "Wrong CRC32C", expert.group.CHECKSUM)
local x_recs = warning("bad_records", "Records do not fill the body",
		       expert.group.PROTOCOL)
local x_inner = warning("bad_frame", "Ethernet frame cannot be dissected",
			expert.group.UNDECODED)
sio.experts = experts

sio.prefs.port = Pref.uint("TCP port", 7423, "Port of the I/O hypervisor")
sio.prefs.crc = Pref.bool("Verify CRC32C", true,
			  "Of messages that have one and are in the clear")

-- --- small tools ----------------------------------------------------------

local TWO32 = 2 ^ 32

-- Lua 5.2 has no operator for it, 5.4 has no library.
local bxor = bit and bit.bxor or bit32 and bit32.bxor or
	     load("return function(a, b) return a ~ b end")()

local crc_table = {}
for i = 0, 255 do
	local crc = i

	for _ = 1, 8 do
		local odd = crc % 2 == 1

		crc = math.floor(crc / 2)
		if odd then
			crc = bxor(crc, 0x82f63b78) % TWO32
		end
	end
	crc_table[i] = crc
end

-- CRC32C of a string, going on from crc; all ones before and after are the
-- caller's.
local function crc32c(crc, text)
	for i = 1, #text do
		local low = bxor(crc % 256, text:byte(i)) % 256

		crc = bxor(math.floor(crc / 256), crc_table[low]) % TWO32
	end
	return crc
end

-- Little endian number of a string's bytes from place at on, 0 the first.
local function number(text, at, size)
	local value = 0

	for i = at + size, at + 1, -1 do
		value = value * 256 + text:byte(i)
	end
	return value
end

-- What the capture has of bytes [at, at + len) of tvb, or nil.
local function range(tvb, at, len)
	local left = tvb:len() - at

	if len <= 0 or left <= 0 then
		return nil
	end
	return tvb:range(at, math.min(len, left))
end

local function get(s, name, tvb, at)
	local m = s.at[name]

	if at + m.at + m.size > tvb:len() then
		return nil
	end
	local r = tvb:range(at + m.at, m.size)
	return m.size == 8 and r:le_uint64():tonumber() or r:le_uint()
end

-- Show a struct's members, as far as the capture goes.
local function show(s, tree, tvb, at)
	for _, m in ipairs(s) do
		local r

		if m.struct then
			show(m.struct, tree, tvb, at + m.at)
		elseif at + m.at + m.size <= tvb:len() then
			r = tvb:range(at + m.at, m.size)
		end
		if r then
			local item = m.is_text and tree:add(m.field, r) or
				     tree:add_le(m.field, r)

			if m.bits then
				item:append_text(" (" .. bits_text(
					number(r:raw(), 0, m.size), m.bits) ..
					")")
			elseif m.name:find("^reserved") and
			       r:raw():find("[^%z]") then
				item:add_proto_expert_info(x_reserved)
			end
		end
	end
end

local function show_bytes(f, tree, tvb, at, len)
	local r = range(tvb, at, len)

	if r then
		tree:add(f, r)
	end
end

-- --- what is remembered from frame to frame -----------------------------

local flows, segments, packets, requests, guests

-- Frames whose message is not whole are forgotten past so many, as the
-- receiver does.
local PENDING_MAX = 64

function sio.init()
	flows = {}	-- one direction of a connection, by stream and port
	segments = {}	-- what a frame's segment is part of, by frame
	packets = {}	-- Ethernet frame that a frame completes, by frame
	requests = {}	-- disk requests, by guest, device, slot and number
	guests = {}	-- name in the hello, by stream
end

local function flow_of(stream, port)
	local key = stream .. "/" .. port

	if not flows[key] then
		flows[key] = { key = key, msgs = {}, pending = {}, more = {},
			       cont = {} }
	end
	return flows[key]
end

-- --- one segment of a message ---------------------------------------------

local tcp_fields = {
	stream = Field.new("tcp.stream"),
	sport = Field.new("tcp.srcport"),
	dport = Field.new("tcp.dstport"),
	seq = Field.new("tcp.seq_raw"),
	hdr_len = Field.new("tcp.hdr_len"),
	len = Field.new("tcp.len"),
	flags = Field.new("tcp.flags"),
	window = Field.new("tcp.window_size_value"),
}
local f_tsval = Field.new("tcp.options.timestamp.tsval")

-- The TCP header of a segment: the last one if is_last, as a frame of ours
-- may be inside another of ours; nil if the capture does not have it all.
local function tcp_header(is_last)
	local tcp = {}

	for name, get_field in pairs(tcp_fields) do
		local all = { get_field() }
		local info = all[is_last and #all or 1]

		if not info then
			return nil
		end
		tcp[name] = info.value
		if name == "seq" then
			tcp.from = info.offset
		end
	end
	local stamps = { f_tsval() }
	local stamp = stamps[is_last and #stamps or 1]

	-- options follow their header
	if stamp and stamp.offset > tcp.from and stamp.offset < tcp.from + 60
	then
		tcp.tsval = stamp.value
	end
	return tcp
end

-- Offset that follows from TSval and window; nil before the flow is known.
local function offset_of(flow, tcp)
	if not flow.ts_base or not tcp.tsval then
		return nil
	end
	return (tcp.tsval - flow.ts_base) % TWO32 + tcp.window % 256 * TWO32
end

-- Learn from a message's beginning what the SYN told, if the capture has none.
local function learn(flow, tcp, head)
	if flow.ts_base or #head < SIO_HDR_LEN or not tcp.tsval or
	   head:byte(1) ~= SIO_PROTO_VERSION or head:byte(4) ~= SIO_HDR_LEN
	then
		return
	end
	local len, low = number(head, 4, 4), number(head, 8, 4)

	if len < SIO_HDR_LEN or len > SIO_MSG_LEN_MAX or
	   head:byte(13) ~= tcp.window % 256 or number(head, 42, 2) ~= 0 or
	   number(head, 60, 4) ~= 0 then
		return
	end
	flow.ts_base = (tcp.tsval - low) % TWO32
	flow.seq_base = (tcp.seq - low) % TWO32
end

-- Bytes from the message's beginning on without a hole.
local function joined(msg)
	local parts, at = {}, 0

	table.sort(msg.chunks, function(a, b) return a.place < b.place end)
	for _, chunk in ipairs(msg.chunks) do
		if chunk.place > at then
			break
		end
		parts[#parts + 1] = chunk.text:sub(at - chunk.place + 1)
		at = math.max(at, chunk.place + #chunk.text)
		if #chunk.text < chunk.len then
			break
		end
	end
	return table.concat(parts)
end

-- How many bytes of the message have passed by, in the capture or not.
local function covered(msg)
	local at, sum = 0, 0

	table.sort(msg.chunks, function(a, b) return a.place < b.place end)
	for _, chunk in ipairs(msg.chunks) do
		local stop = math.min(chunk.place + chunk.len, msg.len)

		if stop > at then
			sum = sum + stop - math.max(at, chunk.place)
			at = stop
		end
	end
	return sum
end

-- Put a segment where it belongs; the record that its frame keeps.
local function take(flow, tcp, tvb, frame)
	local text = tvb:range():raw()
	local seg = { len = tcp.len }

	learn(flow, tcp, text)
	flow.next = (tcp.seq + tcp.len) % TWO32
	seg.offset = offset_of(flow, tcp)
	if not seg.offset then
		return seg
	end
	seg.place = (tcp.seq - flow.seq_base - (tcp.tsval - flow.ts_base)) %
		    TWO32
	if seg.place + seg.len > SIO_MSG_LEN_MAX then
		seg.is_lost = true
		return seg
	end
	local msg = flow.msgs[seg.offset]

	if not msg then
		msg = { chunks = {}, offset = seg.offset, first = frame }
		flow.msgs[seg.offset] = msg
		flow.pending[#flow.pending + 1] = msg
		if #flow.pending > PENDING_MAX then
			table.remove(flow.pending, 1).chunks = {}
		end
	end
	seg.msg = msg
	if msg.whole_in then
		seg.repeat_of = msg.whole_in
		return seg
	end
	for _, chunk in ipairs(msg.chunks) do
		if chunk.place <= seg.place and
		   chunk.place + chunk.len >= seg.place + seg.len then
			seg.repeat_of = chunk.frame
			return seg
		end
	end
	msg.chunks[#msg.chunks + 1] = {
		place = seg.place, len = seg.len, text = text, frame = frame,
	}
	if not msg.len then
		local head = joined(msg)

		if #head >= 8 then
			msg.len = number(head, 4, 4)
		end
	end
	seg.is_over = msg.len and seg.place + seg.len > msg.len
	-- a length that cannot be is shown at once
	if msg.len and (msg.len < SIO_HDR_LEN or msg.len > SIO_MSG_LEN_MAX or
			covered(msg) >= msg.len) then
		msg.whole_in = frame
		msg.is_alone = #msg.chunks == 1
		if not msg.is_alone then
			msg.text = joined(msg)
		end
		msg.parts = {}
		for i, chunk in ipairs(msg.chunks) do
			msg.parts[i] = chunk.frame
		end
		msg.chunks = {}
		for i, pending in ipairs(flow.pending) do
			if pending == msg then
				table.remove(flow.pending, i)
				break
			end
		end
	end
	return seg
end

-- --- requests and answers ------------------------------------------------

local answers = {
	[sio_msg_type.BLK_RSP] = true, [sio_msg_type.CTL_RSP] = true,
}
local asks = {
	[sio_msg_type.BLK_REQ] = true, [sio_msg_type.CTL_REQ] = true,
}

-- Requests have numbers per slot, of each side's own for control.
local function request_of(ctx, hdr)
	local from = hdr.type < sio_msg_type.PACKET and
		     (ctx.from_guest == (hdr.type == sio_msg_type.CTL_REQ))
	local key = table.concat({ ctx.session, tostring(from), hdr.dev,
				   hdr.gen, hdr.epoch, hdr.slot,
				   hdr.slot_seq }, "/")

	if not requests[key] then
		requests[key] = {}
	end
	return requests[key]
end

local function show_links(ctx, tree, hdr)
	if hdr.slot_seq == 0 then
		return
	end
	local request = request_of(ctx, hdr)

	if ctx.is_new then
		if asks[hdr.type] and not request.frame then
			request.frame, request.time = ctx.frame, ctx.time
		elseif answers[hdr.type] then
			request.answer = ctx.frame
		end
	end
	if asks[hdr.type] and request.frame ~= ctx.frame then
		tree:add(f_repeat_of, request.frame):set_generated()
	elseif not asks[hdr.type] and request.frame then
		tree:add(answers[hdr.type] and f_req_in or f_first_in,
			 request.frame):set_generated()
		local passed = ctx.time - request.time
		local secs = math.floor(passed)

		tree:add(f_time, NSTime.new(secs, (passed - secs) * 1e9))
			:set_generated()
	end
	if asks[hdr.type] and request.answer then
		tree:add(f_rsp_in, request.answer):set_generated()
	end
end

-- --- records -------------------------------------------------------------

local eth = Dissector.get("eth_withoutfcs")

local function show_eth(ctx, tree, tvb)
	local ok = pcall(eth.call, eth, tvb, ctx.pinfo, ctx.root)

	if not ok then
		tree:add_proto_expert_info(x_inner)
	end
end

-- A frame that was too long for a message: its parts meet by the offset at
-- which the one message ends and the other begins.
local function packet_parts(ctx, tree, tvb, at, len, flags)
	local is_more = flags == sio_rec_flags.MORE
	local place = is_more and ctx.msg_end or ctx.msg_start
	local mine = is_more and ctx.flow.more or ctx.flow.cont
	local other = is_more and ctx.flow.cont or ctx.flow.more
	local r = range(tvb, at, len)

	if not r then
		return
	end
	tree:add(f_frame_part, r)
	if r:len() < len then
		return
	end
	if ctx.is_new then
		mine[place] = r:raw()
		if other[place] then
			packets[ctx.key] = is_more and r:raw() .. other[place]
				or other[place] .. r:raw()
			mine[place], other[place] = nil, nil
		end
	end
	if packets[ctx.key] then
		show_eth(ctx, tree, ByteArray.new(packets[ctx.key], true)
			 :tvb("Ethernet frame"))
	end
end

local function show_packet(ctx, tree, tvb, at, len)
	local flags = get(rec_hdr, "flags", tvb, at - rec_packet.len)

	ctx.info("%d bytes", len)
	if flags ~= 0 then
		packet_parts(ctx, tree, tvb, at, len, flags)
	elseif at + len <= tvb:len() then
		show_eth(ctx, tree, tvb:range(at, len):tvb())
	else
		show_bytes(f_frame_part, tree, tvb, at, len)
	end
end

local function show_data(_, tree, tvb, at, len)
	show_bytes(f_data, tree, tvb, at, len)
end

local function show_blk_req(ctx, tree, tvb, at, len)
	local rec = at - rec_blk_req.len
	local op = get(rec_blk_req, "op", tvb, rec)

	ctx.info("%s sector %.0f, %d bytes",
		 names_of(sio_blk_op)[op] or op,
		 get(rec_blk_req, "sector", tvb, rec),
		 get(rec_blk_req, "len", tvb, rec))
	show_data(ctx, tree, tvb, at, len)
end

local function show_blk_rsp(ctx, tree, tvb, at, len)
	local rec = at - rec_blk_rsp.len
	local status = get(rec_blk_rsp, "status", tvb, rec)

	ctx.info("%s, %d bytes at %d", names_of(sio_blk_status)[status] or
		 status, len, get(rec_blk_rsp, "off", tvb, rec))
	show_data(ctx, tree, tvb, at, len)
end

local function show_blk_span(ctx, tree, tvb, at, len)
	local rec = at - rec_blk_span.len

	ctx.info("%d bytes at %d", get(rec_blk_span, "len", tvb, rec),
		 get(rec_blk_span, "off", tvb, rec))
	show_data(ctx, tree, tvb, at, len)
end

local function show_nic_mode(_, tree, tvb, at, len)
	local rec = at - rec_nic_mode.len
	local addrs = get(rec_nic_mode, "nr_addrs", tvb, rec) * SIO_MAC_LEN
	local stop = math.min(at + len, tvb:len())

	if addrs + get(rec_nic_mode, "nr_vlans", tvb, rec) * 2 ~= len then
		tree:add_proto_expert_info(x_len)
	end
	local vlans = at + addrs

	while at < vlans and at + SIO_MAC_LEN <= stop do
		tree:add(f_addr, tvb:range(at, SIO_MAC_LEN))
		at = at + SIO_MAC_LEN
	end
	while at >= vlans and at + 2 <= stop do
		tree:add_le(f_vlan, tvb:range(at, 2))
		at = at + 2
	end
end

local function show_blk_done(_, tree, tvb, at, len)
	local stop = at + len

	while at + blk_done.len <= stop do
		show(blk_done, tree, tvb, at)
		at = at + blk_done.len
	end
	if at ~= stop then
		tree:add_proto_expert_info(x_len)
	end
end

local rec_kinds = {
	[sio_rec_type.PACKET] = { rec_packet, show_packet },
	[sio_rec_type.DEV] = { rec_dev },
	[sio_rec_type.DEV_GONE] = { rec_dev_id },
	[sio_rec_type.DEV_STATUS] = { rec_dev_status },
	[sio_rec_type.NIC_MODE] = { rec_nic_mode, show_nic_mode },
	[sio_rec_type.BLK] = { rec_blk },
	[sio_rec_type.BLK_REQ] = { rec_blk_req, show_blk_req },
	[sio_rec_type.BLK_RSP] = { rec_blk_rsp, show_blk_rsp },
	[sio_rec_type.BLK_SPAN] = { rec_blk_span, show_blk_span },
	[sio_rec_type.BLK_DONE] = { rec_blk_done, show_blk_done },
}

-- One record of len bytes, as many as the message has room for.
local function show_rec(ctx, tree, tvb, at, len)
	local kind = rec_kinds[get(rec_hdr, "type", tvb, at)]
	local s, show_rest = rec_hdr, show_data

	if not kind then
		tree:add_proto_expert_info(x_type)
	elseif len < kind[1].len or not kind[2] and len > kind[1].len then
		tree:add_proto_expert_info(x_len)
	else
		s, show_rest = kind[1], kind[2]
	end
	show(s, tree, tvb, at)
	-- what follows is read by the struct's members
	if show_rest and at + s.len <= tvb:len() then
		show_rest(ctx, tree, tvb, at + s.len, len - s.len)
	end
end

-- Records in [at, stop), of which tvb may have less.
local function show_recs(ctx, tree, tvb, at, stop)
	local n = 0

	while at + rec_hdr.len <= math.min(stop, tvb:len()) do
		local len = get(rec_hdr, "len", tvb, at)
		local kind = get(rec_hdr, "type", tvb, at)
		local branch = tree:add(f_record, range(tvb, at, len) or
					tvb:range(at, rec_hdr.len))

		branch:append_text(string.format(" %d: %s, %.0f bytes", n + 1,
			names_of(sio_rec_type)[kind] or "unknown", len))

		if len < rec_hdr.len or len > stop - at then
			show(rec_hdr, branch, tvb, at)
			branch:add_proto_expert_info(x_len)
			return n
		end
		n = n + 1
		show_rec(ctx, branch, tvb, at, len)
		local gap = -len % SIO_REC_ALIGN
		local pad = range(tvb, at + len, math.min(gap, stop - at - len))

		if pad then
			local item = tree:add(f_padding, pad)

			if pad:raw():find("[^%z]") then
				item:add_proto_expert_info(x_reserved)
			end
		end
		at = at + len + gap
	end
	if at < stop and stop <= tvb:len() then
		tree:add_proto_expert_info(x_recs)
	end
	return n
end

-- --- bodies ----------------------------------------------------------------

-- e, then the sealed struct sio_hello_info and its tag: to the body's end
local function show_noise(tree, tvb, at, stop)
	show_bytes(f_noise_e, tree, tvb, at, SIO_DH_LEN)
	show_bytes(f_noise_info, tree, tvb, at + SIO_DH_LEN,
		   stop - at - SIO_DH_LEN - SIO_TAG_LEN)
	show_bytes(f_noise_tag, tree, tvb, stop - SIO_TAG_LEN, SIO_TAG_LEN)
end

local function show_name(ctx, tree, tvb, at, s)
	local m = s.at.name

	if at + m.size <= tvb:len() then
		guests[ctx.stream] = tvb:range(at, m.size):stringz()
		ctx.info("%s", guests[ctx.stream])
	end
end

local function show_hello(ctx, tree, tvb, at, stop)
	show(msg_hello, tree, tvb, at)
	show_name(ctx, tree, tvb, at, msg_hello)
	show_noise(tree, tvb, at + msg_hello.len, stop)
end

local function show_hello_ack(_, tree, tvb, at, stop)
	show_noise(tree, tvb, at, stop)
end

local function show_join(ctx, tree, tvb, at)
	show(msg_join, tree, tvb, at)
	show_name(ctx, tree, tvb, at, msg_join)
end

local function show_refuse(ctx, tree, tvb, at)
	local why = get(msg_refuse, "why", tvb, at)

	show(msg_refuse, tree, tvb, at)
	ctx.info("%s", names_of(sio_refuse)[why] or "unknown reason")
end

local function show_confirm(_, tree, tvb, at)
	show(msg_confirm, tree, tvb, at)
end

local function show_ctl(ctx, tree, tvb, at, stop)
	show(msg_ctl, tree, tvb, at)
	show_recs(ctx, tree, tvb, at + msg_ctl.len, stop)
end

local function show_nothing(_, tree, tvb, at, stop)
	show_bytes(f_data, tree, tvb, at, stop - at)
end

local function show_body(ctx, tree, tvb, at, stop)
	local n = show_recs(ctx, tree, tvb, at, stop)

	if n ~= ctx.nr_recs and stop <= tvb:len() then
		tree:add_proto_expert_info(x_recs)
	end
end

local noise_len = SIO_DH_LEN + 64 + SIO_TAG_LEN

-- Of each type: who shows the body in the clear, the body's least and greatest
-- length, and the only suite, if there is only one.
local CLEAR, SEALED = sio_suite.CLEAR, sio_suite.CHACHA
local ANY = SIO_MSG_LEN_MAX - SIO_HDR_LEN
local msg_kinds = {
	HELLO = { show_hello, msg_hello.len + noise_len,
		  msg_hello.len + noise_len, CLEAR },
	HELLO_ACK = { show_hello_ack, noise_len, noise_len, CLEAR },
	CONFIRM = { show_confirm, msg_confirm.len, msg_confirm.len, SEALED },
	WELCOME = { show_nothing, 0, 0, SEALED },
	REFUSE = { show_refuse, msg_refuse.len, msg_refuse.len },
	PROBE = { show_nothing, 0, ANY, SEALED },
	PROBE_ACK = { show_nothing, 0, ANY, SEALED },
	JOIN = { show_join, msg_join.len, msg_join.len, CLEAR },
	JOIN_ACK = { show_join, msg_join.len, msg_join.len, CLEAR },
	CTL_REQ = { show_ctl, msg_ctl.len, 16384, SEALED },
	CTL_RSP = { show_ctl, msg_ctl.len, 16384, SEALED },
	CTL_BUSY = { show_nothing, 0, 0, SEALED },
	PACKET = { show_body, rec_packet.len, ANY, CLEAR },
	BLK_REQ = { show_body, rec_blk_req.len, ANY, CLEAR },
	BLK_RSP = { show_body, rec_blk_rsp.len, ANY, CLEAR },
	BLK_BUSY = { show_nothing, 0, 0, CLEAR },
	BLK_PULL = { show_body, rec_blk_span.len, rec_blk_span.len, CLEAR },
	BLK_DATA = { show_body, rec_blk_span.len + 1, ANY, CLEAR },
}

-- The digest covers the body, then the header with @crc zero.
local function check_crc(tree, tvb, hdr)
	if not sio.prefs.crc or hdr.flags % 2 == 0 or
	   hdr.suite ~= sio_suite.CLEAR or tvb:len() < hdr.len then
		return
	end
	local text = tvb:range(0, hdr.len):raw()
	local at = msg_hdr.at.crc.at
	local crc = crc32c(TWO32 - 1, text:sub(SIO_HDR_LEN + 1))

	crc = crc32c(crc, text:sub(1, at) .. "\0\0\0\0" ..
		     text:sub(at + 5, SIO_HDR_LEN))
	if TWO32 - 1 - crc ~= hdr.crc then
		tree:add_proto_expert_info(x_crc)
	end
end

local function check_hdr(tree, hdr, kind, offset)
	if hdr.flags > 1 or hdr.suite == sio_suite.CLEAR and hdr.has_tag then
		tree:add_proto_expert_info(x_reserved)
	end
	if hdr.hdr_len ~= SIO_HDR_LEN or
	   hdr.len < SIO_HDR_LEN + kind[2] or
	   hdr.len > SIO_HDR_LEN + kind[3] then
		tree:add_proto_expert_info(x_len)
	end
	if not names_of(sio_suite)[hdr.suite] or
	   kind[4] and hdr.suite ~= kind[4] then
		tree:add_proto_expert_info(x_suite)
	end
	if hdr.offset % 2 ^ 40 ~= offset then
		tree:add_proto_expert_info(x_place)
	end
end

-- A message from its header on; tvb has as much of it as the capture.
local function show_msg(ctx, tree, tvb, offset)
	show(msg_hdr, tree, tvb, 0)
	if tvb:len() < SIO_HDR_LEN then
		ctx.info("%s, cut", names_of(sio_msg_type)[
				    get(msg_hdr, "type", tvb, 0)] or "header")
		return
	end
	local hdr = {}

	for _, m in ipairs(msg_hdr) do
		if not m.is_text then
			hdr[m.name] = get(msg_hdr, m.name, tvb, 0)
		end
	end
	hdr.has_tag = tvb:range(msg_hdr.at.tag.at, SIO_TAG_LEN):raw()
		:find("[^%z]")
	local name = names_of(sio_msg_type)[hdr.type]

	ctx.info("%s", name or string.format("type %d", hdr.type))
	if hdr.version ~= SIO_PROTO_VERSION and name ~= "REFUSE" then
		tree:add_proto_expert_info(x_version)
		return
	end
	if not name then
		tree:add_proto_expert_info(x_type)
		return
	end
	check_hdr(tree, hdr, msg_kinds[name], offset)
	check_crc(tree, tvb, hdr)
	if hdr.slot_seq ~= 0 then
		ctx.info("dev %.0f slot %d seq %.0f", hdr.dev, hdr.slot,
			 hdr.slot_seq)
		show_links(ctx, tree, hdr)
	end
	if hdr.len < SIO_HDR_LEN or hdr.len > SIO_MSG_LEN_MAX then
		return
	end
	ctx.nr_recs, ctx.msg_start = hdr.nr_recs, hdr.offset
	ctx.msg_end = hdr.offset + hdr.len
	local body = range(tvb, SIO_HDR_LEN, hdr.len - SIO_HDR_LEN)

	if hdr.suite ~= sio_suite.CLEAR then
		ctx.info("sealed, %d bytes", hdr.len - SIO_HDR_LEN)
		show_bytes(f_sealed, tree, tvb, SIO_HDR_LEN,
			   hdr.len - SIO_HDR_LEN)
	elseif body and hdr.len >= SIO_HDR_LEN + msg_kinds[name][2] then
		msg_kinds[name][1](ctx, tree, tvb, SIO_HDR_LEN, hdr.len)
	end
	if tvb:len() < hdr.len then
		tree:add(f_cut, string.format("%d of %d bytes",
					      hdr.len - tvb:len(), hdr.len))
	end
end

-- --- the two dissectors ---------------------------------------------------

local function show_place(tree, seg, tcp, is_unscaled)
	local branch = tree:add(f_seg, seg.what):set_generated()

	if seg.offset then
		branch:add(f_msg_at, UInt64.new(seg.offset % TWO32,
			   math.floor(seg.offset / TWO32))):set_generated()
	end
	if seg.place then
		branch:add(f_place, seg.place):set_generated()
		branch:add(f_bytes, seg.len):set_generated()
	end
	if is_unscaled then
		return
	end
	branch:add(f_wrap, tcp.window % 256):set_generated()
	if math.floor(tcp.window / 256) ~= SIO_WINDOW_HI then
		branch:add_proto_expert_info(x_window)
	end
end

local function describe(seg, frame)
	local msg = seg.msg

	if not seg.offset then
		seg.what = "its place is not known"
	elseif seg.is_lost then
		seg.what = "beyond the longest message"
	elseif seg.repeat_of then
		seg.what = "repeated"
	elseif msg.whole_in == frame then
		seg.what = msg.is_alone and "a whole message" or
			   "completes a message"
	else
		seg.what = string.format("%d bytes at %d of a message",
					 seg.len, seg.place)
	end
end

-- Those who dissect what a NIC's packet holds change columns and addresses.
local function keep_columns(pinfo, text)
	pinfo.cols.protocol = "Split I/O"
	pinfo.cols.info:clear_fence()
	pinfo.cols.info = table.concat(text, ", ")
end

local function show_segment(tcp, tvb, pinfo, root)
	local text = {}
	local flow = flow_of(tcp.stream, tcp.sport)
	local key = pinfo.number .. "/" .. flow.key

	-- not pinfo.visited: a first pass without a tree has shown us nothing
	local is_new = not segments[key]

	if is_new then
		segments[key] = take(flow, tcp, tvb, pinfo.number)
	end
	local seg = segments[key]
	local msg = seg.msg
	local tree = root:add(sio, tvb:range())
	local ctx = {
		pinfo = pinfo, root = root, flow = flow, stream = tcp.stream,
		frame = pinfo.number, time = pinfo.rel_ts, key = key,
		is_new = is_new, from_guest = tcp.dport == sio.prefs.port,
		session = guests[tcp.stream] or "?" .. tcp.stream,
		info = function(...)
			text[#text + 1] = string.format(...)
		end,
	}
	local src, dst = pinfo.src, pinfo.dst

	describe(seg, pinfo.number)
	show_place(tree, seg, tcp)
	if seg.is_lost or seg.is_over then
		tree:add_proto_expert_info(x_place)
	end
	if seg.repeat_of then
		tree:add(f_repeat_of, seg.repeat_of):set_generated()
	elseif msg and msg.whole_in == pinfo.number then
		local whole = tvb

		if not msg.is_alone then
			whole = ByteArray.new(msg.text, true)
				:tvb("Split I/O message")
			for _, frame in ipairs(msg.parts) do
				tree:add(f_part, frame):set_generated()
			end
		end
		show_msg(ctx, tree, whole, msg.offset)
	elseif msg and msg.whole_in then
		tree:add(f_whole_in, msg.whole_in):set_generated()
	end
	if guests[tcp.stream] then
		tree:add(f_guest, guests[tcp.stream]):set_generated()
	end
	if #text == 0 then
		text[1] = seg.what
	end
	keep_columns(pinfo, text)
	pinfo.src, pinfo.dst = src, dst
end

-- Last frame whose segment TCP's dissector has handed over.
local handed

function sio.dissector(tvb, pinfo, root)
	local tcp = tcp_header(true)

	if not tcp or tvb:len() == 0 then
		return 0
	end
	handed = pinfo.number
	show_segment(tcp, tvb, pinfo, root)
	return tvb:len()
end

-- --- segments that TCP's dissector keeps to itself ------------------------

local f_icmp = Field.new("icmp.type")

local function has(flags, bit_value)
	return math.floor(flags / bit_value) % 2 == 1
end

-- What a segment without payload is for; a SYN tells where the flow begins.
local function note_bare(flow, tcp)
	local seg = { len = 0 }
	local at = tcp.seq

	if has(tcp.flags, 0x02) then
		seg.what = has(tcp.flags, 0x10) and "SYN, ACK" or "SYN"
		flow.seq_base = (tcp.seq + 1) % TWO32
		flow.ts_base = tcp.tsval and (tcp.tsval + 1) % TWO32
		flow.next = flow.seq_base
		return seg
	end
	if has(tcp.flags, 0x04) then
		seg.what = "RST"
		return seg
	end
	seg.offset = offset_of(flow, tcp)
	seg.what = "ACK"
	if has(tcp.flags, 0x01) then
		seg.what = "FIN"
	elseif flow.next and (at + 1) % TWO32 == flow.next then
		seg.what = "keep-alive"
	end
	seg.is_lost = seg.offset and
		      (at - flow.seq_base) % TWO32 ~= seg.offset % TWO32
	return seg
end

function bare.dissector(tvb, pinfo, root)
	local tcp = handed ~= pinfo.number and tcp_header(false)
	local port = sio.prefs.port

	handed = nil
	if not tcp or f_icmp() or tcp.sport ~= port and tcp.dport ~= port then
		return
	end
	if tcp.len > 0 then
		local at = tcp.from - 4 + tcp.hdr_len
		local payload = range(tvb, at, tcp.len)

		if payload then
			show_segment(tcp, payload:tvb(), pinfo, root)
		end
		return
	end
	local key = "bare/" .. pinfo.number

	if not segments[key] then
		segments[key] = note_bare(flow_of(tcp.stream, tcp.sport), tcp)
	end
	local seg = segments[key]
	local tree = root:add(sio)

	show_place(tree, seg, tcp, has(tcp.flags, 0x02) or
		   has(tcp.flags, 0x04))
	if seg.is_lost then
		tree:add_proto_expert_info(x_place)
	end
	pinfo.cols.protocol = "Split I/O"
end

register_postdissector(bare)

local tcp_port = DissectorTable.get("tcp.port")
local port_now

local function use_port()
	if port_now then
		tcp_port:remove(port_now, sio)
	end
	port_now = sio.prefs.port
	tcp_port:add(port_now, sio)
end

sio.prefs_changed = use_port
use_port()
