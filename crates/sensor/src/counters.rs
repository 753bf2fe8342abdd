//! Everything that was counted: what came in, what was skipped and why, what a limit turned away.

macro_rules! counters {
    ($($(#[doc = $about:literal])+ $name:ident,)+) => {
        /// Counts since the start. A limit that turns something away has its counter here.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Counters {
            $($(#[doc = $about])+ pub $name: u64,)+
        }

        impl Counters {
            /// Names and values, in a fixed order.
            pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name),)+].into_iter()
            }
        }
    };
}

counters! {
    /// Frames read.
    frames,
    /// Bytes of those frames on the wire.
    bytes,
    /// Frames of a link type that is not read.
    skipped_link_type,
    /// Frames or packets whose headers are cut or broken.
    skipped_malformed,
    /// Packets inside tunnels deeper than the limit.
    skipped_tunnel_depth,
    /// Frames that carry neither IP nor a protocol that is read.
    skipped_not_ip,
    /// Messages decoded.
    messages,
    /// Connections.
    connections,
    /// Connections whose application was recognised.
    connections_recognised,
    /// IP packets put together from fragments.
    reassembled_packets,
    /// Fragments dropped: too many at once, overlapping, or never completed.
    fragments_dropped,
    /// Stretches of TCP streams that are missing from the capture.
    stream_gaps,
    /// Bytes in those stretches.
    stream_gap_bytes,
    /// Out-of-order segments given up because too many waited.
    cut_by_segment_limit,
    /// Connections that waited no longer for missing segments because all together held too much.
    cut_by_waiting_limit,
    /// Connections no longer decoded because what all together had not read yet took too much memory.
    cut_by_buffer_limit,
    /// Connections no longer decoded because a message was longer than the limit.
    cut_by_unread_limit,
    /// Packets of connections whose list of hours was full.
    hours_dropped,
    /// Connections ended early because too many were open.
    cut_by_flow_limit,
}
