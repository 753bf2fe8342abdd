//! Servers of the computer room that serve everybody: files, records, mail, databases, logs, terminals. Most are virtual.

use super::habits::{Site, computer_room, logs};
use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Stack, WINDOWS};
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::{database, mail, ssh, web};

const VMWARE: [u8; 3] = [0x00, 0x50, 0x56];
const LINES: &[(u8, &str)] = &[
    (86, "{} sshd[2211]: Accepted publickey for CANARYSYSLOGUSER from 10.0.0.1 port 51122 ssh2"),
    (30, "{} systemd[1]: Started Daily apt download activities."),
    (78, "{} CRON[9912]: pam_unix(cron:session): session opened for user CANARYSYSLOGUSER"),
];
/// What administrators' sessions show.
const DEBIAN: &str = "OpenSSH_9.2p1 Debian-2+deb12u3";
const RED_HAT: &str = "OpenSSH_8.7";
const UBUNTU: &str = "OpenSSH_8.9p1 Ubuntu-3ubuntu0.6";

/// One of these servers.
pub struct Server {
    /// The kind's name, and the beginning of its own.
    pub kind: &'static str,
    /// How it is called in the network.
    pub called: &'static str,
    /// One for so many devices.
    pub one_for: usize,
    /// Its system.
    pub system: System,
    /// What its traffic tells of it; that it is virtual its prefix alone tells.
    pub told: &'static [&'static str],
    /// What it does.
    pub roles: &'static [&'static str],
    /// What it shows.
    pub weaknesses: &'static [&'static str],
}

/// A server's system.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Windows Server.
    Windows,
    /// Debian.
    Debian,
    /// Red Hat Enterprise Linux.
    RedHat,
    /// Ubuntu.
    Ubuntu,
}

/// Files.
pub static FILE_SERVER: Server = Server {
    kind: "file_server",
    called: "FS",
    one_for: 1_500,
    system: System::Windows,
    told: &["category"],
    roles: &["file_server", "remote_desktop"],
    weaknesses: &["self_signed_certificate", "smb_unsigned"],
};
/// Patients' records in the browser.
pub static PORTAL: Server = Server {
    kind: "portal",
    called: "portal",
    one_for: 5_000,
    system: System::RedHat,
    told: &[],
    roles: &[],
    weaknesses: &[],
};
/// Mail.
pub static MAIL_SERVER: Server = Server {
    kind: "mail_server",
    called: "MX",
    one_for: 10_000,
    system: System::Windows,
    told: &["category"],
    roles: &["mail_server"],
    weaknesses: &[],
};
/// Databases: PostgreSQL and SQL Server.
pub static DATABASE_SERVER: Server = Server {
    kind: "database_server",
    called: "db",
    one_for: 500,
    system: System::Ubuntu,
    told: &["category"],
    roles: &["database_server"],
    weaknesses: &[],
};
/// Logs.
pub static LOG_SERVER: Server = Server {
    kind: "log_server",
    called: "log",
    one_for: 10_000,
    system: System::Debian,
    told: &[],
    roles: &[],
    weaknesses: &[],
};
/// Servers with Linux and some purpose of their own.
pub static LINUX_SERVER: Server = Server {
    kind: "linux_server",
    called: "app",
    one_for: 150,
    system: System::Debian,
    told: &[],
    roles: &[],
    weaknesses: &[],
};
/// Where thin clients work.
pub static TERMINAL_SERVER: Server = Server {
    kind: "terminal_server",
    called: "TS",
    one_for: 800,
    system: System::Windows,
    told: &["category"],
    roles: &["remote_desktop"],
    weaknesses: &["self_signed_certificate"],
};

impl System {
    const fn stack(self) -> Stack {
        match self {
            Self::Windows => WINDOWS,
            _ => LINUX,
        }
    }

    const fn shell(self) -> &'static str {
        match self {
            Self::Windows => "OpenSSH_for_Windows_8.1",
            Self::Debian => DEBIAN,
            Self::RedHat => RED_HAT,
            Self::Ubuntu => UBUNTU,
        }
    }
}

impl Kind for Server {
    fn name(&self) -> &'static str {
        self.kind
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(self.one_for).max(1)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let name = format!("{}{}", self.called, number.saturating_add(1));
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(20);
        Device::new(name, draw.mac(VMWARE), self.system.stack(), Zone::Servers)
            .is("virtual_machine", "", self.told)
            .does(self.roles)
            .shows(self.weaknesses)
            .at(computer_room(bed))
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let mut routines = Vec::new();
        if self.system != System::Windows && self.kind != "log_server" {
            routines.extend(logs(me, around, LINES, Rhythm::every(420, draw)));
        }
        routines.extend(administered(self.system, me, around, draw));
        match self.kind {
            "portal" => {
                routines.extend(asks_database(me, around, 300, draw));
                routines.extend(hands_on_mail(me, around, draw));
            }
            "linux_server" => routines.extend(asks_database(me, around, 1_800, draw)),
            _ => {}
        }
        routines
    }
}

/// An administrator comes by way of the jump host; its monitoring looks at the portal's page.
fn administered(system: System, me: &Device, around: &Around, draw: &mut Draw) -> Option<Routine> {
    let host = around.one("jump_host", me).filter(|_| system != System::Windows)?;
    let (from, to) = (host.station, me.station);
    let shell = system.shell();
    let session = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
        ssh::session(tape, at, (&from, "OpenSSH_for_Windows_9.5"), (&to, shell));
    });
    Some(session.over(tcp(host, me, 22, "ssh")))
}

fn asks_database(me: &Device, around: &Around, every_s: u64, draw: &mut Draw) -> Option<Routine> {
    let server = around.one("database_server", me)?;
    let domain = around.services()?.domain;
    let (station, to) = (me.station, server.station);
    // Every third database is Microsoft's.
    if server.number.rem_euclid(3) == 0 {
        let asks = Routine::new(Rhythm::every(every_s, draw), move |tape, at, _| {
            database::sql_server(tape, at, &station, &to, (15, 0, 4_316));
        });
        return Some(asks.over(tcp(me, server, database::SQL_SERVER, "tds")));
    }
    let mut site = Site::inside(server, format!("{}.{domain}", server.name), 3_000);
    site.port = database::POSTGRESQL;
    let asks = Routine::new(Rhythm::every(every_s, draw), move |tape, at, _| {
        site.with_visit(|visit| database::postgresql(tape, at, &station, &to, visit));
    });
    Some(asks.over(tcp(me, server, database::POSTGRESQL, "pgsql")))
}

fn hands_on_mail(me: &Device, around: &Around, draw: &mut Draw) -> Option<Routine> {
    let server = around.one("mail_server", me)?;
    let domain = around.services()?.domain;
    let (name, station, to) = (me.name.clone(), me.station, server.station);
    let server_name = format!("mx1.{domain}");
    let site = Site::inside(server, server_name.clone(), 500);
    let mails = Routine::new(Rhythm::daily(20, OFFICE, draw), move |tape, at, _| {
        let banner = format!("{server_name} Microsoft ESMTP MAIL Service ready");
        site.with_visit(|visit| mail::send_secured(tape, at, (&station, &name), &to, &banner, visit));
    });
    Some(mails.over(tcp(me, server, mail::PORT, "smtp")))
}

/// Looks at a page of a server, as monitoring does.
pub fn check(me: &Device, server: &Device, title: &'static str, every_s: u64, draw: &mut Draw) -> Routine {
    let (from, to) = (me.station, server.station);
    let checks = Routine::new(Rhythm::every(every_s, draw), move |tape, at, _| {
        web::page(tape, at, &from, &to, "check_http/v2.3.3", &[("Server", "nginx/1.22.1")], title);
    });
    checks.over(tcp(me, server, 80, "http"))
}
