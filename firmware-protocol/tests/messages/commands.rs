//! The commands of the vectors, made by hand.

use firmware_protocol::command::{
    BuzzerControl, BuzzerTone, FileKind, FileTransfer, KeepActive, KeySet, LedColor, LedControl,
    OutputAction, OutputControl, PermanentAction, PermanentLed, ReceiveSize, RndA, TemporaryAction,
    TemporaryLed, Text, TextAction, TextPlace,
};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, ComSettings, Command, Manufacturer, Records};

pub(crate) fn all() -> Vec<(&'static str, Command<'static>)> {
    let mut all = vec![
        ("POLL", Command::Poll),
        ("ID", Command::Id),
        ("CAP", Command::Cap),
        ("LSTAT", Command::LocalStatus),
        ("ISTAT", Command::InputStatus),
        ("OSTAT", Command::OutputStatus),
        ("RSTAT", Command::ReaderStatus),
        ("OUT", Command::Out(Records::new(OUTPUTS).unwrap())),
        ("LED", Command::Led(Records::new(LIGHTS).unwrap())),
        ("BUZ", Command::Buzzer(BUZZER)),
        ("TEXT", Command::Text(Text::new(PLACE, b"WAIT").unwrap())),
        ("ABORT", Command::Abort),
    ];
    all.extend(keys());
    all.extend(settings());
    all
}

fn keys() -> [(&'static str, Command<'static>); 3] {
    let key = Scbk::new([
        0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78, 0x87, 0x96, 0xA5, 0xB4, 0xC3, 0xD2, 0xE1,
        0xF0,
    ]);
    let server_cryptogram = [
        0x26, 0xD3, 0x35, 0x6E, 0x07, 0x76, 0x2D, 0x26, 0x28, 0x01, 0xFC, 0x8E, 0x66, 0x65, 0xA8,
        0x91,
    ];
    let rnd_a = RndA([0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7]);
    [
        ("KEYSET", Command::KeySet(KeySet { key })),
        ("CHLNG", Command::Challenge(rnd_a)),
        ("SCRYPT", Command::ServerCryptogram(server_cryptogram)),
    ]
}

fn settings() -> [(&'static str, Command<'static>); 5] {
    let settings = ComSettings::new(Address::new(7).unwrap(), 115_200);
    let piece = FileTransfer::new(FileKind::Opaque, 65_539, 65_536, &[0xDE, 0xAD, 0x01]);
    let size = ReceiveSize {
        frame_len_max: 1_440,
    };
    let own = Manufacturer {
        vendor: [0x0A, 0x00, 0x17],
        data: &[0x01, 0xCA, 0xFE],
    };
    [
        ("COMSET", Command::ComSet(settings.unwrap())),
        ("ACURXSIZE", Command::ReceiveSize(size)),
        ("FILETRANSFER", Command::FileTransfer(piece.unwrap())),
        ("MFG", Command::Manufacturer(own)),
        (
            "KEEPACTIVE",
            Command::KeepActive(KeepActive { time_ms: 5_000 }),
        ),
    ]
}

const OUTPUTS: &[OutputControl] = &[
    OutputControl {
        output: 0,
        action: OutputAction::TimedOn,
        time_100ms: 30,
    },
    OutputControl {
        output: 1,
        action: OutputAction::PermanentOffAbort,
        time_100ms: 0,
    },
];
const LIGHTS: &[LedControl] = &[LedControl {
    reader: 0,
    led: 0,
    temporary: TemporaryLed {
        action: TemporaryAction::Set,
        on_100ms: 2,
        off_100ms: 1,
        on_color: LedColor::Green,
        off_color: LedColor::Black,
        time_100ms: 30,
    },
    permanent: PermanentLed {
        action: PermanentAction::Set,
        on_100ms: 1,
        off_100ms: 0,
        on_color: LedColor::Red,
        off_color: LedColor::Red,
    },
}];
const BUZZER: BuzzerControl = BuzzerControl {
    reader: 0,
    tone: BuzzerTone::Default,
    on_100ms: 2,
    off_100ms: 1,
    count: 3,
};
const PLACE: TextPlace = TextPlace {
    reader: 0,
    action: TextAction::TemporaryWrap,
    time_s: 5,
    row: 2,
    column: 1,
};
