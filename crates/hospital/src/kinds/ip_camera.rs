//! Cameras in corridors and on car parks: Axis, Hanwha, Hikvision. A recorder watches them.

use super::habits::by_share;
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::discovery::{Announcement, hello, probe};
use crate::talk::names::{self, Service};
use crate::talk::rtsp::{self, Stream};
use crate::talk::{dhcp, web};

struct Model {
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    client: dhcp::Client,
    /// ONVIF's scopes `hardware` and `name`.
    scopes: (&'static str, &'static str),
    path: &'static str,
    realm: &'static str,
    /// `Server` of its stream and of its page, title of its page.
    pages: (&'static str, &'static str, &'static str),
    share: u64,
}

/// Busybox's client, as small Linux systems have it.
const BUSYBOX: dhcp::Client =
    dhcp::Client { vendor_class: "udhcp 1.22.1", parameters: &[1, 3, 6, 12, 15, 28, 42], full_name: false };

static MODELS: [Model; 4] = [
    Model {
        vendor: "Axis Communications",
        model: "M3106-L Mk II",
        software: "9.80.1",
        prefix: [0xac, 0xcc, 0x8e],
        client: dhcp::AXIS,
        scopes: ("M3106-L%20Mk%20II", "AXIS%20M3106-L%20Mk%20II"),
        path: "/axis-media/media.amp",
        realm: "AXIS_{mac}",
        pages: ("GStreamer RTSP server", "Apache/2.4.46 (Unix)", "AXIS"),
        share: 35,
    },
    Model {
        vendor: "Axis Communications",
        model: "P3245-V",
        software: "10.12.153",
        prefix: [0xb8, 0xa4, 0x4f],
        client: dhcp::Client { vendor_class: "AXIS,Network Camera,P3245-V,10.12.153", ..dhcp::AXIS },
        scopes: ("P3245-V", "AXIS%20P3245-V"),
        path: "/axis-media/media.amp",
        realm: "AXIS_{mac}",
        pages: ("GStreamer RTSP server", "Apache/2.4.54 (Unix)", "AXIS"),
        share: 20,
    },
    Model {
        vendor: "Hanwha Vision",
        model: "XND-6080",
        software: "1.41.04",
        prefix: [0xe4, 0x30, 0x22],
        client: BUSYBOX,
        scopes: ("XND-6080", "HanwhaTechwin%20XND-6080"),
        path: "/profile1/media.smp",
        realm: "iPolis_{mac}",
        pages: ("", "lighttpd/1.4.35", "WEB VIEWER"),
        share: 20,
    },
    Model {
        vendor: "Hikvision",
        model: "DS-2CD2143G0-I",
        software: "V5.5.82",
        prefix: [0xc4, 0x2f, 0x90],
        client: BUSYBOX,
        scopes: ("DS-2CD2143G0-I", "HIKVISION%20DS-2CD2143G0-I"),
        path: "/Streaming/Channels/101",
        realm: "IP Camera(E4321)",
        pages: ("", "App-webs/", ""),
        share: 25,
    },
];

/// Cameras.
pub struct IpCamera;

impl Kind for IpCamera {
    fn name(&self) -> &'static str {
        "ip_camera"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 28)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], LINUX, Zone::Building) };
        let mac = draw.mac(model.prefix);
        let letters = super::habits::mac_letters(mac, 6);
        let name = match model.vendor {
            "Axis Communications" => format!("axis-{}", letters.to_ascii_lowercase()),
            "Hikvision" => "localhost".to_owned(),
            _ => format!("{}-{letters}", model.model),
        };
        let told: &[&str] = match model.vendor {
            "Axis Communications" => &["category", "vendor", "model", "software"],
            _ => &["category", "vendor", "model"],
        };
        let mut device = Device::new(name, mac, LINUX, Zone::Building)
            .is("ip_camera", model.vendor, told)
            .named("", model.model, model.software)
            .serial(letters)
            .at(spot)
            .leases(model.client)
            .on_time();
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let mut routines = vec![joins(me, model, around, draw)];
        if model.vendor == "Axis Communications" {
            routines.push(announces(me, model, draw));
        }
        let Some(recorder) = around.one("video_recorder", me) else { return routines };
        let (station, from) = (me.station, recorder.station);
        let realm = model.realm.replace("{mac}", &me.truth.serial);
        let mut open = None;
        let watches = Routine::new(Rhythm::every(600, draw), move |tape, at, turn| {
            open = Some(match open.take() {
                Some(open) => rtsp::watch(tape, at, open, 12, turn),
                None => {
                    let stream = Stream { path: model.path, realm: &realm, server: model.pages.0 };
                    rtsp::begin(tape, at, (&from, "VideoRecorder/5.1"), &station, &stream)
                }
            });
        });
        routines.push(watches.over(tcp(recorder, me, rtsp::PORT, "rtsp")));
        let (_, server, title) = model.pages;
        let visits = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
            web::page(tape, at, &from, &station, web::EDGE, &[("Server", server)], title);
        });
        routines.push(visits.over(tcp(recorder, me, 80, "http")));
        routines
    }
}

/// It says hello when it starts; its recorder looks for it now and then.
fn joins(me: &Device, model: &'static Model, around: &Around, draw: &mut Draw) -> Routine {
    let station = me.station;
    let recorder = around.one("video_recorder", me).map(|recorder| recorder.station);
    let (hardware, name) = model.scopes;
    let scopes = format!(
        "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/Profile/Streaming \
         onvif://www.onvif.org/hardware/{hardware} onvif://www.onvif.org/name/{name} onvif://www.onvif.org/location/"
    );
    let endpoint = u64::from(u32::from(station.ip));
    let address = format!("http://{}/onvif/device_service", station.ip);
    Routine::new(Rhythm::every(21_600, draw), move |tape, at, turn| {
        let what = Announcement {
            endpoint,
            types: "dn:NetworkVideoTransmitter",
            scopes: &scopes,
            address: address.clone(),
            is_standard: false,
        };
        match recorder.filter(|_| turn > 0) {
            Some(recorder) => probe(tape, at, &recorder, "dn:NetworkVideoTransmitter", &[(&station, &what)]),
            None => hello(tape, at, &station, &what),
        }
    })
}

fn announces(me: &Device, model: &'static Model, draw: &mut Draw) -> Routine {
    let (name, station) = (me.name.clone(), me.station);
    let instance = format!("AXIS {} - {}", model.model, me.truth.serial);
    let text = format!("macaddress={}", me.truth.serial);
    Routine::new(Rhythm::every(14_400, draw), move |tape, at, _| {
        let text = [text.as_str()];
        let service = |kind| Service { kind, instance: &instance, port: 80, text: &text };
        names::announce(tape, at, &station, &name, &[service("_axis-video._tcp"), service("_http._tcp")]);
    })
}
