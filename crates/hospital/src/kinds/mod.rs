//! What there is in a hospital, one file for each kind of device: who makes it, how many there are, what it says to
//! whom and when. One more kind is one more file and one more line in [`ALL`].

mod access_control;
mod access_point;
mod agents;
mod alarm_server;
mod analyser;
mod angiography;
mod appliances;
mod barcode_reader;
mod blood_gas_analyzer;
mod building_controller;
mod building_server;
mod central_station;
mod chemistry_analyzer;
mod coagulation_analyzer;
mod computed_radiography;
mod ct_scanner;
mod defibrillator;
mod device_gateway;
mod dialysis_machine;
mod dicom_printer;
mod domain_controller;
mod ecg_device;
mod ecg_server;
mod ge_monitor;
mod glucose_meter;
mod guest;
pub(crate) mod habits;
mod hematology_analyzer;
mod hospital_system;
mod hypervisor;
mod imaging_workstation;
mod immunoassay_analyzer;
mod infusion_pump;
mod interface_engine;
mod ip_camera;
mod jump_host;
mod label_printer;
mod laboratory_system;
mod mammography;
mod management_controller;
mod meter_base;
mod mindray_gateway;
mod mobile_device;
pub(crate) mod modality;
mod molecular_analyzer;
mod mri_scanner;
mod msync;
mod network_management;
mod nihon_kohden_gateway;
mod nurse_call;
pub(crate) mod pacs_archive;
mod patient_monitor;
mod plc;
mod printer;
mod pump_gateway;
mod pump_server;
mod radiography;
mod router;
mod serial_server;
mod server_room;
mod slide_scanner;
mod switch;
mod telephone_server;
mod thin_client;
mod time_server;
mod ultrasound;
mod ups;
mod urinalysis_analyzer;
mod vendor_remote;
mod ventilator;
mod video_recorder;
mod voip_phone;
mod wireless_pump;
mod worklist_server;
mod workstation;

use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{Moment, Tape};
use crate::hospital::Around;
use crate::rhythm::Rhythm;

/// Every kind; those that others ask come first.
pub static ALL: &[&dyn Kind] = &[
    &router::Router,
    &domain_controller::DomainController,
    &time_server::TimeServer,
    &hospital_system::HospitalSystem,
    &interface_engine::InterfaceEngine,
    &central_station::CentralStation,
    &patient_monitor::PatientMonitor,
    &alarm_server::AlarmServer,
    &nurse_call::NurseCall,
    &pump_gateway::PumpGateway,
    &infusion_pump::InfusionPump,
    &infusion_pump::SyringePump,
    &ventilator::Ventilator,
    &ventilator::AnesthesiaMachine,
    &msync::MSync,
    &msync::Servo,
    &ge_monitor::GeCentral,
    &ge_monitor::GeGateway,
    &ge_monitor::GeMonitor,
    &mindray_gateway::MindrayGateway,
    &mindray_gateway::MindrayMonitor,
    &nihon_kohden_gateway::NihonKohdenGateway,
    &device_gateway::DeviceGateway,
    &device_gateway::BedsideDevice,
    &pump_server::PumpServer,
    &wireless_pump::WirelessPump,
    &dialysis_machine::DialysisServer,
    &dialysis_machine::DialysisMachine,
    &defibrillator::Defibrillator,
    &ecg_server::EcgServer,
    &ecg_device::EcgDevice,
    &server_room::FILE_SERVER,
    &server_room::PORTAL,
    &server_room::MAIL_SERVER,
    &server_room::DATABASE_SERVER,
    &server_room::LOG_SERVER,
    &server_room::LINUX_SERVER,
    &server_room::TERMINAL_SERVER,
    &network_management::NetworkManagement,
    &jump_host::JumpHost,
    &vendor_remote::VendorRemote,
    &hypervisor::Hypervisor,
    &management_controller::ManagementController,
    &telephone_server::TelephoneServer,
    &building_server::BuildingServer,
    &video_recorder::VideoRecorder,
    &switch::Switch,
    &access_point::AccessPoint,
    &ups::Ups,
    &serial_server::SerialServer,
    &printer::Printer,
    &label_printer::LabelPrinter,
    &workstation::Workstation,
    &thin_client::ThinClient,
    &voip_phone::VoipPhone,
    &barcode_reader::BarcodeReader,
    &mobile_device::MobileDevice,
    &ip_camera::IpCamera,
    &building_controller::BuildingController,
    &plc::Plc,
    &access_control::AccessControl,
    &guest::Guest,
    &appliances::ALL[0],
    &appliances::ALL[1],
    &appliances::ALL[2],
    &appliances::ALL[3],
    &appliances::ALL[4],
    &appliances::ALL[5],
    &appliances::ALL[6],
    &appliances::ALL[7],
    &appliances::ALL[8],
    // Radiology.
    &pacs_archive::PacsArchive,
    &pacs_archive::PacsStandby,
    &worklist_server::WorklistServer,
    &dicom_printer::DicomPrinter,
    &ct_scanner::KIND,
    &mri_scanner::KIND,
    &ultrasound::KIND,
    &radiography::KIND,
    &computed_radiography::KIND,
    &mammography::KIND,
    &angiography::KIND,
    &slide_scanner::KIND,
    &imaging_workstation::ImagingWorkstation,
    // The laboratory.
    &laboratory_system::LaboratorySystem,
    &hematology_analyzer::KIND,
    &chemistry_analyzer::KIND,
    &immunoassay_analyzer::KIND,
    &coagulation_analyzer::KIND,
    &blood_gas_analyzer::KIND,
    &molecular_analyzer::KIND,
    &urinalysis_analyzer::KIND,
    &meter_base::MeterBase,
    &glucose_meter::GlucoseMeter,
];

/// A kind of device.
pub trait Kind: Sync {
    /// Its name, as others ask for it in [`Around`].
    fn name(&self) -> &'static str;

    /// How many there are of it in a hospital of so many devices.
    fn count(&self, devices: usize) -> usize;

    /// Makes one: who made it, what it is called, where it stands. Its address is given to it afterwards.
    fn make(&self, draw: &mut Draw, number: usize) -> Device;

    /// The kind through which alone devices of this kind are known.
    fn behind(&self) -> Option<&'static str> {
        None
    }

    /// What one of it says of its own accord, and when.
    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine>;
}

/// Says something at a moment; the number counts how often it was said before.
pub type Play = Box<dyn FnMut(&mut Tape, Moment, u64)>;

/// Something that is said again and again.
pub struct Routine {
    /// When.
    pub rhythm: Rhythm,
    /// Between whom.
    pub flows: Vec<Flow>,
    /// What.
    pub play: Play,
}

impl Routine {
    /// Something that is said in this rhythm.
    pub fn new(rhythm: Rhythm, play: impl FnMut(&mut Tape, Moment, u64) + 'static) -> Self {
        Self { rhythm, flows: Vec::new(), play: Box::new(play) }
    }

    /// Between whom it is said.
    pub fn over(mut self, flow: Flow) -> Self {
        self.flows.push(flow);
        self
    }
}

/// Who speaks to whom, by which protocol, and what is done so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Who begins: the number of a device.
    pub from: usize,
    /// Who answers.
    pub to: Peer,
    /// Number of the protocol above IP.
    pub protocol: u8,
    /// The answering port.
    pub port: u16,
    /// The application's name, as Wireshark has it.
    pub application: &'static str,
    /// What is done, as in `C-STORE`.
    pub operations: &'static [&'static str],
}

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// The number of a device.
    Device(usize),
    /// Somebody outside.
    Outside(std::net::Ipv4Addr),
}

/// A flow over TCP.
pub fn tcp(from: &Device, to: &Device, port: u16, application: &'static str) -> Flow {
    Flow { from: from.number, to: Peer::Device(to.number), protocol: 6, port, application, operations: &[] }
}

/// A flow over UDP.
pub fn udp(from: &Device, to: &Device, port: u16, application: &'static str) -> Flow {
    Flow { protocol: 17, ..tcp(from, to, port, application) }
}

impl Flow {
    /// What is done.
    pub fn doing(self, operations: &'static [&'static str]) -> Self {
        Self { operations, ..self }
    }
}

/// So many of a thousand devices, at least one.
fn of_thousand(devices: usize, share: usize) -> usize {
    devices.saturating_mul(share).div_ceil(1_000).max(1)
}
