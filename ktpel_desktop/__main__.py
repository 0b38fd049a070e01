"""The command line: arguments, one copy per folder, exit codes.

    ktpel-desktop --latihan                        the window, in training
    ktpel-desktop latihan --keluaran DIR           a whole day without a window
    ktpel-desktop potret --keluaran DIR            a picture of every screen
    ktpel-desktop baca-kartu [--pembaca NAMA]      what the card on a reader holds, masked
    ktpel-desktop uji-kartu                        write, read and erase a blank test card
    ktpel-desktop rahasia NAMA                     put a secret of this PC into the keyring
    ktpel-desktop periksa [--json] [--hanya BUTIR] the room check without a window, as monitoring plug-ins have it;
                                                   --berita-acara FILE.pdf leaves its minutes
    ktpel-desktop server-uji [--alamat HOST]       the other end of the line test, at the Dinas
    ktpel-desktop laporan --tanggal D --bentuk B   a period's report (PDF, XLSX, CSV, JSON) into --keluaran FILE
    ktpel-desktop periksa-rantai [--json]          the audit chain computed again; --kode TEKS holds it against a
                                                   printed report

`periksa` ends as a plug-in does: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; `periksa-rantai` with 0 intact, 2 broken,
3 not readable. The others, exit code 0: done. 2: an expected failure, told in words. 3: the card that was read has a
fault, or the report rests on a broken chain. 1: a fault of the program itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ktpel_desktop.core.errors import KtpelError, PolicyError


def main(arguments: list[str] | None = None) -> int:
    """Run the program. Returns the exit code."""
    asked = _parser().parse_args(arguments)
    from ktpel_desktop import logs, startup

    try:
        if asked.perintah == "latihan":
            return startup.day(asked.keluaran, asked.permohonan, asked.benih, pictures=not asked.tanpa_layar)
        if asked.perintah == "potret":
            return startup.portraits(asked.keluaran)
        if asked.perintah in ("baca-kartu", "uji-kartu", "rahasia"):
            return _card_command(asked)
        if asked.perintah in ("periksa", "server-uji"):
            return _room_command(asked)
        if asked.perintah in ("laporan", "periksa-rantai"):
            return _report_command(asked)
        if asked.latihan:
            return startup.window(
                asked.data or startup.data_folder(), asked.pengaturan, full_screen=asked.layar_penuh
            )
        startup.read_settings(asked.pengaturan)
        raise PolicyError("mode.not_ready")
    except KtpelError as error:
        print(startup.explain(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        logs.stop()


def _card_command(asked: argparse.Namespace) -> int:
    from ktpel_desktop import card_commands, startup

    if asked.perintah == "rahasia":
        return card_commands.keep_secret(asked.nama, seed=asked.benih)
    chosen = startup.read_settings(asked.pengaturan)
    if asked.perintah == "uji-kartu":
        return card_commands.try_card(chosen, asked.pembaca)
    return card_commands.read_card(chosen, asked.pembaca, as_json=asked.json, folder=asked.data)


def _room_command(asked: argparse.Namespace) -> int:
    from ktpel_desktop import room_commands

    if asked.perintah == "server-uji":
        return room_commands.serve_line_tests(asked.alamat, asked.port)
    return room_commands.check_room(
        asked.pengaturan, asked.hanya, as_json=asked.json, folder=asked.data, minutes=asked.berita_acara
    )


def _report_command(asked: argparse.Namespace) -> int:
    from ktpel_desktop import report_commands

    if asked.perintah == "periksa-rantai":
        return report_commands.check_chain(
            asked.pengaturan, as_json=asked.json, code=asked.kode, folder=asked.data
        )
    return report_commands.write_report(
        asked.pengaturan,
        asked.tanggal,
        asked.sampai,
        asked.bentuk,
        asked.keluaran,
        asked.alasan,
        folder=asked.data,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ktpel-desktop", description="Ruang cetak KTP-el kelurahan (Instruksi Gubernur DKI 78/2016)"
    )
    from ktpel_desktop import __version__

    parser.add_argument("--version", action="version", version=f"ktpel-desktop {__version__}")
    parser.add_argument("--latihan", action="store_true", help="mode latihan: SIAK dan perangkat tiruan")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder data")
    parser.add_argument("--pengaturan", type=Path, metavar="BERKAS", help="berkas pengaturan kantor (TOML)")
    parser.add_argument("--layar-penuh", action="store_true", help="buka dalam layar penuh")
    commands = parser.add_subparsers(dest="perintah", metavar="PERINTAH")
    day = commands.add_parser("latihan", help="satu hari kerja penuh tanpa layar")
    day.add_argument("--keluaran", type=Path, required=True, metavar="DIR", help="folder hasil, harus kosong")
    day.add_argument("--permohonan", type=_count, default=40, metavar="N", help="banyaknya permohonan (40)")
    day.add_argument(
        "--benih", type=int, default=1, metavar="S", help="benih acak: benih sama, hari sama (1)"
    )
    day.add_argument("--tanpa-layar", action="store_true", help="tanpa gambar layar")
    for name, told in (
        ("baca-kartu", "isi kartu pada pembaca, NIK dan nama disamarkan"),
        ("uji-kartu", "tulis, baca, dan hapus kartu uji yang kosong"),
    ):
        card = commands.add_parser(name, help=told)
        card.add_argument("--pembaca", default="", metavar="NAMA", help="bagian nama pembaca")
        if name == "baca-kartu":
            card.add_argument("--json", action="store_true", help="keluaran JSON")
    secret = commands.add_parser("rahasia", help="simpan rahasia PC ini di keyring")
    secret.add_argument(
        "nama", choices=("pin-sam", "kunci-30", "kunci-31", "kunci-latihan", "komunitas-snmp", "akun-meter")
    )
    secret.add_argument("--benih", type=int, metavar="S", help="kunci latihan kartu maya dari benih ini")
    room = commands.add_parser("periksa", help="cek ruangan tanpa layar, keluaran seperti plugin pemantauan")
    room.add_argument("--json", action="store_true", help="keluaran JSON")
    room.add_argument(
        "--hanya", action="append", default=[], metavar="BUTIR", help="butir ini saja; boleh berulang"
    )
    room.add_argument(
        "--berita-acara", type=Path, metavar="BERKAS.pdf", help="tulis berita acara seluruh ruangan (PDF)"
    )
    report = commands.add_parser("laporan", help="laporan satu hari atau satu periode ke dalam berkas")
    report.add_argument("--tanggal", required=True, metavar="D", help="2026-11-23 atau 23/11/2026")
    report.add_argument("--sampai", metavar="D", help="hari terakhir, ikut dihitung (hari itu saja)")
    report.add_argument(
        "--bentuk", required=True, choices=("pdf", "xlsx", "csv", "json"), help="bentuk berkas"
    )
    report.add_argument("--keluaran", type=Path, required=True, metavar="BERKAS", help="berkas hasil")
    report.add_argument("--alasan", metavar="TEKS", help="alasan tertulis, masuk jejak audit")
    chain = commands.add_parser("periksa-rantai", help="hitung ulang seluruh rantai audit")
    chain.add_argument("--json", action="store_true", help="keluaran JSON")
    chain.add_argument("--kode", metavar="TEKS", help="isi kode QR sebuah laporan, untuk dibandingkan")
    server = commands.add_parser("server-uji", help="peladen uji kecepatan jaringan, dipasang di Dinas")
    server.add_argument("--alamat", default="", metavar="HOST", help="alamat yang didengarkan (semua)")
    server.add_argument("--port", type=int, metavar="N", help="port (7816)")
    pictures = commands.add_parser("potret", help="gambar setiap halaman")
    pictures.add_argument("--keluaran", type=Path, required=True, metavar="DIR", help="folder gambar")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1500:
        raise argparse.ArgumentTypeError("antara 1 dan 1500")
    return number


if __name__ == "__main__":
    sys.exit(main())
