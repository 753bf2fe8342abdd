//! From a frame to observations: headers, tunnels, fragments, connections, streams, decoders.

use hashbrown::HashSet;
use model::observation::FrameRef;
use model::{MacAddr, Messages, Observation, Side, Timestamp};
use wire::conversation::{Interest, Stream};
use wire::packet::tunnel::{self, Inside};
use wire::packet::{Frame, IpPacket, LinkPayload, LinkType, Tcp, Transport, link, network, transport};
use wire::protocols::{ALL, Carrier, Context, Direction, Input, Session};

use crate::capture::CapturedFrame;
use crate::flow::{self, FLOWS_MAX, Flow, FlowTable, Held, Inspection, Key, Path, Senders, Slot, TcpSeen};
use crate::fragments::Fragments;
use crate::orientation::{context, has_passed_router, icmp_ports, note_flags, opener, reversed};
use crate::parts::Parts;
use crate::reassembly::{Delivery, Lane, WAITING_TOTAL_MAX};
use crate::{Counters, Observer};

/// Tunnels inside tunnels are followed this far.
pub const TUNNEL_DEPTH_MAX: u8 = 4;
/// Frames between two looks for a connection that has been idle too long, at another one each time: its memory is far
/// from the frame's.
const FRAMES_PER_IDLE_LOOK: u64 = 8;
/// Stations that speak no IP are remembered up to this many.
const STATIONS_MAX: usize = 65_536;
/// Bytes that the decoders of all streams, or the search for them, have not read yet.
pub const UNREAD_TOTAL_MAX: usize = 64 * 1_024 * 1_024;

/// Reads frames in order and tells an observer what they say.
pub struct Sensor {
    pub(crate) flows: FlowTable,
    pub(crate) parts: Parts,
    fragments: Fragments,
    messages: Messages,
    /// Decoders that a header field names, with their sessions.
    packet_decoders: Vec<(Carrier, Box<dyn Session>)>,
    stations: HashSet<MacAddr>,
    counters: Counters,
    connection_ids: u64,
    /// Memory for bytes that wait in all flows together.
    held: Held,
}

impl Default for Sensor {
    fn default() -> Self {
        let by_header = |carrier: &&Carrier| carrier.is_named_by_a_header();
        let sessions = ALL.iter().flat_map(|decoder| {
            decoder.carriers().iter().filter(by_header).map(|carrier| (*carrier, decoder.session(*carrier)))
        });
        Self {
            flows: FlowTable::default(),
            parts: Parts::default(),
            fragments: Fragments::default(),
            messages: Messages::new(),
            packet_decoders: sessions.collect(),
            stations: HashSet::new(),
            counters: Counters::default(),
            connection_ids: 0,
            held: Held::default(),
        }
    }
}

/// The frame at hand.
#[derive(Clone, Copy)]
struct Moment {
    time: Timestamp,
    frame: FrameRef,
    wire_length: u64,
}

/// The link layer around a packet.
#[derive(Clone, Copy)]
struct Link {
    source: Option<MacAddr>,
    destination: Option<MacAddr>,
    vlan: Option<u16>,
}

impl Sensor {
    /// What was counted so far.
    pub fn counters(&self) -> Counters {
        Counters { fragments_dropped: self.fragments.dropped, ..self.counters.clone() }
    }

    /// Takes the next frame.
    pub fn frame(&mut self, captured: &CapturedFrame<'_>, frame: FrameRef, observer: &mut dyn Observer) {
        count(&mut self.counters.frames);
        self.counters.bytes = self.counters.bytes.saturating_add(captured.wire_length);
        let moment = Moment { time: captured.time, frame, wire_length: captured.wire_length };
        match captured.link {
            Some(link) => self.link(link, captured.bytes, &moment, 0, observer),
            None => count(&mut self.counters.skipped_link_type),
        }
        if self.counters.frames.is_multiple_of(FRAMES_PER_IDLE_LOOK)
            && let Some(slot) = self.flows.next_idle(captured.time)
        {
            self.end(slot, observer);
        }
    }

    /// The capture is over: every open connection ends.
    pub fn finish(&mut self, observer: &mut dyn Observer) {
        for slot in self.flows.slots() {
            self.end(slot, observer);
        }
    }

    fn link(&mut self, link: LinkType, bytes: &[u8], moment: &Moment, depth: u8, observer: &mut dyn Observer) {
        let Ok(Frame { source, destination, vlan, payload }) = link::read(link, bytes) else {
            return count(&mut self.counters.skipped_malformed);
        };
        // A tag with identifier 0 carries a priority only: the frame is untagged (IEEE 802.1Q §9.6).
        let vlan = vlan.filter(|vlan| *vlan != 0);
        let around = Link { source: source.filter(|mac| mac.is_station()), destination, vlan };
        let (carrier, bytes) = match payload {
            LinkPayload::EtherType(ethertype @ (link::IPV4 | link::IPV6), packet) => {
                return self.packet(ethertype, packet, &around, moment, depth, observer);
            }
            LinkPayload::EtherType(ethertype, bytes) => (Some(Carrier::EtherType(ethertype)), bytes),
            LinkPayload::Snap(organisation, protocol, bytes) => (Some(Carrier::Snap(organisation, protocol)), bytes),
            LinkPayload::Llc(access_point, bytes) => (Some(Carrier::Llc(access_point)), bytes),
            LinkPayload::Other(bytes) => (None, bytes),
        };
        self.not_ip(carrier, bytes, &around, moment, observer);
    }

    fn not_ip(
        &mut self,
        carrier: Option<Carrier>,
        bytes: &[u8],
        around: &Link,
        moment: &Moment,
        observer: &mut dyn Observer,
    ) {
        if let Some(mac) = around.source
            && !self.stations.contains(&mac)
            && self.stations.len() < STATIONS_MAX
        {
            self.stations.insert(mac);
            let (time, frame, vlan) = (moment.time, moment.frame, around.vlan);
            observer.observe(Observation::Sighting {
                time,
                frame,
                mac: Some(mac),
                ip: None,
                routed: false,
                addressed: true,
                vlan,
            });
        }
        let context = Context {
            initiator: Side { mac: around.source, ..Side::default() },
            responder: Side { mac: around.destination, ..Side::default() },
            time: moment.time,
        };
        let known = carrier.is_some_and(|carrier| self.decode_packet(carrier, bytes, &context));
        if known {
            self.tell_messages(&context, None, around.vlan, moment, observer);
        } else {
            count(&mut self.counters.skipped_not_ip);
        }
    }

    /// Gives a payload to the decoder that its header names; whether there is one.
    fn decode_packet(&mut self, carrier: Carrier, bytes: &[u8], context: &Context) -> bool {
        let Some((_, session)) = self.packet_decoders.iter_mut().find(|(of, _)| *of == carrier) else { return false };
        let input = Input { bytes, direction: Direction::ToResponder, context };
        session.push(&input, &mut self.messages);
        true
    }

    fn packet(
        &mut self,
        ethertype: u16,
        bytes: &[u8],
        around: &Link,
        moment: &Moment,
        depth: u8,
        observer: &mut dyn Observer,
    ) {
        let packet = if ethertype == link::IPV4 { network::ipv4(bytes) } else { network::ipv6(bytes) };
        let Ok(packet) = packet else { return count(&mut self.counters.skipped_malformed) };
        let Some(fragment) = packet.fragment else {
            return self.whole_packet(&packet, around, moment, depth, observer);
        };
        let Some(payload) = self.fragments.add(&packet, fragment, moment.time) else { return };
        count(&mut self.counters.reassembled_packets);
        match network::reassembled(&packet, &payload) {
            Ok(packet) => self.whole_packet(&packet, around, moment, depth, observer),
            Err(_) => count(&mut self.counters.skipped_malformed),
        }
    }

    fn whole_packet(
        &mut self,
        packet: &IpPacket<'_>,
        around: &Link,
        moment: &Moment,
        depth: u8,
        observer: &mut dyn Observer,
    ) {
        if let Some(inside) = tunnel::in_ip(packet) {
            self.tunnelled(inside, around, moment, depth, observer);
        }
        let Ok(transport) = transport::read(packet) else {
            return count(&mut self.counters.skipped_malformed);
        };
        self.connection_packet(packet, &transport, around, moment, observer);
        if let Some(inside) = tunnel::in_udp(&transport) {
            self.tunnelled(inside, around, moment, depth, observer);
        }
    }

    fn tunnelled(
        &mut self,
        inside: Inside<'_>,
        around: &Link,
        moment: &Moment,
        depth: u8,
        observer: &mut dyn Observer,
    ) {
        if depth >= TUNNEL_DEPTH_MAX {
            return count(&mut self.counters.skipped_tunnel_depth);
        }
        let deeper = depth.saturating_add(1);
        match inside {
            Inside::Frame(link, bytes) => self.link(link, bytes, moment, deeper, observer),
            // The frame's hardware addresses are the tunnel's, not those of the stations inside.
            Inside::Packet(ethertype, bytes) => {
                let inner = Link { source: None, destination: None, vlan: around.vlan };
                self.packet(ethertype, bytes, &inner, moment, deeper, observer);
            }
        }
    }

    fn connection_packet(
        &mut self,
        packet: &IpPacket<'_>,
        transport: &Transport<'_>,
        around: &Link,
        moment: &Moment,
        observer: &mut dyn Observer,
    ) {
        let ports = match transport {
            Transport::Tcp(tcp) => (tcp.source, tcp.destination),
            Transport::Udp { source, destination, .. } | Transport::Sctp { source, destination } => {
                (*source, *destination)
            }
            Transport::Icmp { kind, code, .. } => icmp_ports(packet.protocol, *kind, *code),
            Transport::Other => (0, 0),
        };
        let (key, source_is_low) = Key::new(packet.source, packet.destination, ports, packet.protocol);
        let path = Path::new(around.vlan, (around.source, around.destination), source_is_low, packet);
        let found = self.flows.find(&key, &path, transport);
        let slot = match found {
            Some(slot) if self.is_over(slot, source_is_low, packet, transport, around, moment) => {
                self.end(slot, observer);
                self.open((key, path), source_is_low, packet, transport, ports, around, moment, observer)
            }
            Some(slot) => slot,
            None => self.open((key, path), source_is_low, packet, transport, ports, around, moment, observer),
        };
        let Some(flow) = self.flows.get(slot) else { return };
        let direction = flow.direction(source_is_low);
        if flow.note_time(moment.time) {
            self.counters.hours_dropped = self.counters.hours_dropped.saturating_add(1);
        }
        flow.last_frame = moment.frame;
        let traffic = flow.traffic(direction);
        traffic.packets = traffic.packets.saturating_add(1);
        traffic.bytes = traffic.bytes.saturating_add(moment.wire_length);
        flow.note_path(&path);
        let is_first = !flow.senders(direction).is_known();
        // What goes to its own sender comes back from whoever got it (BFD's echo, RFC 5881 §4): that holds no address.
        let is_echo = packet.source == packet.destination;
        if (is_first || !is_echo) && flow.senders(direction).is_news(around.source, around.vlan, moment.time) {
            // The connection keeps who began it: who takes an address over has not said what was said before.
            if is_first {
                flow.side(direction).mac = around.source;
            }
            let expected = flow.path.station(source_is_low);
            let addressed = expected.is_none() || expected == around.source;
            sight(packet, around, addressed, moment, observer);
        }
        match transport {
            Transport::Tcp(tcp) => self.segment(slot, direction, tcp, moment, observer),
            Transport::Udp { payload, .. } => self.datagram(slot, direction, payload, moment, observer),
            Transport::Icmp { .. } | Transport::Other => {
                let context = context(&flow.connection, moment.time);
                let (id, context) = (
                    flow.connection.id,
                    if direction == Direction::ToResponder { context } else { reversed(&context) },
                );
                if self.decode_packet(Carrier::IpProtocol(packet.protocol), packet.payload, &context) {
                    self.note_application(slot, packet.protocol);
                    self.tell_messages(&context, Some((id, packet.protocol)), around.vlan, moment, observer);
                }
            }
            Transport::Sctp { .. } => {}
        }
    }

    /// What a packet without ports said names the connection's application; ICMP carries more than its decoder reads.
    fn note_application(&mut self, slot: Slot, ip_protocol: u8) {
        if let Some(message) = self.messages.iter().next().filter(|_| ip_protocol != transport::ICMP6)
            && let Some(flow) = self.flows.get(slot).filter(|flow| flow.connection.application.is_empty())
        {
            flow.connection.application = message.protocol();
            count(&mut self.counters.connections_recognised);
        }
    }

    /// Whether the packet begins a new connection between the ends of an old one: that was idle too long, another station
    /// that has no address yet asks for one, or its ports are used again.
    fn is_over(
        &mut self,
        slot: Slot,
        source_is_low: bool,
        packet: &IpPacket<'_>,
        transport: &Transport<'_>,
        around: &Link,
        moment: &Moment,
    ) -> bool {
        let Some(flow) = self.flows.get(slot) else { return false };
        if flow.is_idle(moment.time) {
            return true;
        }
        if packet.source.is_unspecified() && flow.side(flow.direction(source_is_low)).mac != around.source {
            return true;
        }
        self.is_reused(slot, source_is_low, transport)
    }

    /// Whether a SYN opens a new connection with the ports of an old one, as Wireshark tells it: another initial
    /// sequence number.
    fn is_reused(&mut self, slot: Slot, source_is_low: bool, transport: &Transport<'_>) -> bool {
        let Transport::Tcp(tcp) = transport else { return false };
        if !tcp.has(Tcp::SYN) || tcp.has(Tcp::ACK) {
            return false;
        }
        let Some(flow) = self.flows.get(slot) else { return false };
        let same_way = flow.direction(source_is_low) == Direction::ToResponder;
        match flow.tcp.initial {
            Some(initial) if same_way => initial != tcp.sequence,
            // The other side opens: simultaneous open is rarer than reuse, but only reuse follows an end.
            Some(_) => flow.tcp.fin == [true, true] || flow.tcp.reset_by.is_some(),
            None => true,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn open(
        &mut self,
        (key, path): (Key, Path),
        source_is_low: bool,
        packet: &IpPacket<'_>,
        transport: &Transport<'_>,
        ports: (u16, u16),
        around: &Link,
        moment: &Moment,
        observer: &mut dyn Observer,
    ) -> Slot {
        if self.flows.len() >= FLOWS_MAX
            && let Some(oldest) = self.flows.most_idle()
        {
            count(&mut self.counters.cut_by_flow_limit);
            self.end(oldest, observer);
        }
        let id = self.connection_ids;
        self.connection_ids = id.saturating_add(1);
        count(&mut self.counters.connections);
        let mut connection = flow::connection(id, moment.time, moment.frame, packet.protocol, around.vlan);
        let has_ports = !matches!(transport, Transport::Other);
        let source = Side { mac: around.source, ip: Some(packet.source), port: has_ports.then_some(ports.0) };
        let destination = Side { mac: None, ip: Some(packet.destination), port: has_ports.then_some(ports.1) };
        let (source_opened, oriented) = opener(packet, transport, ports);
        connection.oriented = oriented;
        (connection.initiator, connection.responder) =
            if source_opened { (source, destination) } else { (destination, source) };
        let ports = [connection.initiator.port.unwrap_or(0), connection.responder.port.unwrap_or(0)];
        let inspection = match transport {
            Transport::Tcp(tcp) => {
                let stream = Stream::new(ports, !tcp.has(Tcp::SYN));
                Inspection::Stream(Box::new(stream), Box::default())
            }
            Transport::Udp { .. } => Inspection::Datagrams(Box::default()),
            Transport::Icmp { .. } | Transport::Sctp { .. } | Transport::Other => Inspection::None,
        };
        self.flows.insert(Flow {
            key,
            initiator_is_low: source_is_low == source_opened,
            connection,
            last_frame: moment.frame,
            inspection,
            tcp: TcpSeen::default(),
            path,
            other_paths: [None; 2],
            senders: [Senders::default(); 2],
            held: Held::default(),
        })
    }

    fn segment(
        &mut self,
        slot: Slot,
        direction: Direction,
        tcp: &Tcp<'_>,
        moment: &Moment,
        observer: &mut dyn Observer,
    ) {
        let Some(flow) = self.flows.get(slot) else { return };
        note_flags(&mut flow.tcp, direction, tcp);
        // An acknowledgement alone changes nothing where nothing waits.
        if tcp.payload_length == 0 && !tcp.has(Tcp::SYN | Tcp::FIN | Tcp::RST) && flow.held == Held::default() {
            return;
        }
        let Inspection::Stream(stream, lanes) = &mut flow.inspection else { return };
        let context = context(&flow.connection, moment.time);
        let counters = &mut self.counters;
        let messages = &mut self.messages;
        let [to_responder, to_initiator] = &mut **lanes;
        let (lane, other) = match direction {
            Direction::ToResponder => (to_responder, to_initiator),
            Direction::ToInitiator => (to_initiator, to_responder),
        };
        if tcp.has(Tcp::SYN) {
            lane.begin(tcp.sequence.wrapping_add(1));
        }
        if tcp.has(Tcp::ACK) {
            other.acknowledged(tcp.acknowledgement, &mut |delivery| {
                feed(stream, direction.reverse(), delivery, &context, messages, counters);
            });
        }
        // Data on a SYN (RFC 7413) begins one sequence number later.
        let sequence = if tcp.has(Tcp::SYN) { tcp.sequence.wrapping_add(1) } else { tcp.sequence };
        lane.segment(sequence, tcp.payload, tcp.payload_length, &mut |delivery| {
            feed(stream, direction, delivery, &context, messages, counters);
        });
        if tcp.has(Tcp::RST) || flow.tcp.fin == [true, true] {
            finish_lanes(stream, lanes, &context, messages, counters);
        }
        // Whoever adds to what is too much already lets go of its own: nobody can take what others hold.
        if self.held.waiting > WAITING_TOTAL_MAX && lanes.iter().any(|lane| lane.held() > 0) {
            count(&mut counters.cut_by_waiting_limit);
            finish_lanes(stream, lanes, &context, messages, counters);
        }
        if self.held.unread > UNREAD_TOTAL_MAX && stream.held() > 0 {
            count(&mut counters.cut_by_buffer_limit);
            stream.give_up();
        }
        self.settle(slot, moment, observer);
    }

    fn datagram(
        &mut self,
        slot: Slot,
        direction: Direction,
        payload: &[u8],
        moment: &Moment,
        observer: &mut dyn Observer,
    ) {
        let Some(flow) = self.flows.get(slot) else { return };
        let Inspection::Datagrams(datagrams) = &mut flow.inspection else { return };
        if payload.is_empty() {
            return;
        }
        let context = context(&flow.connection, moment.time);
        datagrams.feed(&Input { bytes: payload, direction, context: &context }, &mut self.messages);
        self.settle(slot, moment, observer);
    }

    /// Tells what was decoded, notes the application, and stops looking where nothing more is wanted.
    fn settle(&mut self, slot: Slot, moment: &Moment, observer: &mut dyn Observer) {
        let Some(flow) = self.flows.get(slot) else { return };
        let (decoder, interest) = match &flow.inspection {
            Inspection::Stream(stream, _) => (stream.decoder(), stream.interest()),
            Inspection::Datagrams(datagrams) => (datagrams.decoder(), datagrams.interest()),
            Inspection::None => return,
        };
        if let Some(decoder) = decoder
            && flow.connection.application.is_empty()
        {
            flow.connection.application = decoder.name();
            count(&mut self.counters.connections_recognised);
        }
        if interest != Interest::More {
            flow.inspection = Inspection::None;
        }
        let now = flow.holds();
        if now != flow.held {
            self.held.change(flow.held, now);
            flow.held = now;
        }
        if interest == Interest::CutByLimit {
            count(&mut self.counters.cut_by_unread_limit);
        }
        if !self.messages.is_empty() {
            let context = context(&flow.connection, moment.time);
            let (id, vlan) = ((flow.connection.id, flow.connection.ip_protocol), flow.connection.vlan);
            self.tell_messages(&context, Some(id), vlan, moment, observer);
        }
    }

    fn tell_messages(
        &mut self,
        context: &Context,
        connection: Option<(u64, u8)>,
        vlan: Option<u16>,
        moment: &Moment,
        observer: &mut dyn Observer,
    ) {
        for message in self.messages.iter() {
            count(&mut self.counters.messages);
            let (sender, receiver) = match message.from_responder() {
                false => (context.initiator, context.responder),
                true => (context.responder, context.initiator),
            };
            let (time, frame) = (moment.time, moment.frame);
            let (connection, ip_protocol) = match connection {
                Some((id, ip_protocol)) => (Some(id), ip_protocol),
                None => (None, 0),
            };
            observer.observe(Observation::Message {
                time,
                frame,
                connection,
                ip_protocol,
                sender,
                receiver,
                vlan,
                message,
            });
        }
        self.messages.clear();
    }

    pub(crate) fn end(&mut self, slot: Slot, observer: &mut dyn Observer) {
        let Some(mut flow) = self.flows.remove(slot) else { return };
        self.held.change(flow.held, Held::default());
        flow.connection.state = flow.state();
        if let Inspection::Stream(stream, lanes) = &mut flow.inspection {
            let moment = Moment { time: flow.connection.end, frame: flow.last_frame, wire_length: 0 };
            let context = context(&flow.connection, moment.time);
            finish_lanes(stream, lanes, &context, &mut self.messages, &mut self.counters);
            if let Some(decoder) = stream.decoder() {
                flow.connection.application = decoder.name();
            }
            let known = (flow.connection.id, flow.connection.ip_protocol);
            self.tell_messages(&context, Some(known), flow.connection.vlan, &moment, observer);
        }
        observer.observe(Observation::Connection(&self.parts.last(flow.connection)));
    }
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

fn feed(
    stream: &mut Stream,
    direction: Direction,
    delivery: Delivery<'_>,
    context: &Context,
    messages: &mut Messages,
    counters: &mut Counters,
) {
    match delivery {
        Delivery::Bytes(bytes) => {
            stream.feed(&Input { bytes, direction, context }, messages);
        }
        Delivery::Gap(missing) => {
            count(&mut counters.stream_gaps);
            counters.stream_gap_bytes = counters.stream_gap_bytes.saturating_add(missing);
            stream.gap(direction, missing);
        }
    }
}

fn finish_lanes(
    stream: &mut Stream,
    lanes: &mut [Lane; 2],
    context: &Context,
    messages: &mut Messages,
    counters: &mut Counters,
) {
    for (lane, direction) in lanes.iter_mut().zip([Direction::ToResponder, Direction::ToInitiator]) {
        lane.end(&mut |delivery| feed(stream, direction, delivery, context, messages, counters));
        counters.cut_by_segment_limit = counters.cut_by_segment_limit.saturating_add(lane.given_up);
        lane.given_up = 0;
    }
}

/// Tells the observer that an address is in use behind a hardware address.
fn sight(packet: &IpPacket<'_>, around: &Link, addressed: bool, moment: &Moment, observer: &mut dyn Observer) {
    let routed = has_passed_router(packet);
    let (mac, ip) = (around.source, Some(packet.source));
    let (time, frame, vlan) = (moment.time, moment.frame, around.vlan);
    observer.observe(Observation::Sighting { time, frame, mac, ip, routed, addressed, vlan });
}
