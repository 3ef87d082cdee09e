//! Adapters: what the kernel tells of a USB adapter, and what it is asked to do for RS-485.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use serial2::SerialPort;
use serial2::rs4xx::{Rs485Config, TransceiverMode};

use crate::config::Rs485;

/// What a technician should know of the adapter behind a device.
pub(crate) fn warning(device: &Path) -> Option<String> {
    warning_under(Path::new("/sys"), device)
}

fn warning_under(sysfs: &Path, device: &Path) -> Option<String> {
    let tty = device.canonicalize().ok()?;
    let name = tty.file_name()?;
    let timer = sysfs
        .join("bus/usb-serial/devices")
        .join(name)
        .join("latency_timer");
    let latency_ms: u32 = fs::read_to_string(timer).ok()?.trim().parse().ok()?;
    (latency_ms > LATENCY_MS_MAX).then(|| {
        format!("the USB adapter holds octets back for {latency_ms} ms; install the udev rule (config/99-portvakt-serial.rules)")
    })
}

/// Has the kernel switch the direction of a port. It keeps doing so when the port is opened again.
///
/// # Errors
/// The port cannot be opened, or its driver cannot switch.
pub(crate) fn switch_direction(device: &Path, how: Rs485) -> io::Result<()> {
    let port = SerialPort::open(device, serial2::KeepSettings)?;
    let mut config = Rs485Config::new();
    config.set_full_duplex(false);
    config.set_invert_rts(!how.rts_on_send);
    let ms = |delay: u8| Duration::from_millis(u64::from(delay));
    config.set_delay_before_send(ms(how.delay_before_ms));
    config.set_delay_after_send(ms(how.delay_after_ms));
    port.set_rs4xx_mode(TransceiverMode::Rs485(config))
}

/// An adapter that waits longer makes every reader's turn longer.
const LATENCY_MS_MAX: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(latency: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let device = folder.path().join("ttyUSB7");
        fs::write(&device, "").unwrap();
        let timer = folder.path().join("sys/bus/usb-serial/devices/ttyUSB7");
        fs::create_dir_all(&timer).unwrap();
        fs::write(timer.join("latency_timer"), latency).unwrap();
        // By whatever name the configuration calls it.
        let alias = folder.path().join("by-path");
        std::os::unix::fs::symlink(&device, &alias).unwrap();
        warning_under(&folder.path().join("sys"), &alias)
    }

    #[test]
    fn an_adapter_that_holds_octets_back_is_told() {
        assert!(told("16\n").unwrap().contains("16 ms"));
        assert_eq!(told("1\n"), None);
        assert_eq!(told("soon\n"), None);
    }

    #[test]
    fn a_device_without_a_timer_is_fine() {
        assert_eq!(warning(Path::new("/dev/null")), None);
        assert_eq!(warning(Path::new("/nowhere/at/all")), None);
    }

    #[test]
    fn a_port_that_cannot_switch_says_so() {
        let how = Rs485 {
            rts_on_send: true,
            delay_before_ms: 0,
            delay_after_ms: 0,
        };
        assert!(switch_direction(Path::new("/dev/null"), how).is_err());
    }
}
