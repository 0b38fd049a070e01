"""Qt's own words in Bahasa Indonesia. Qt ships no Indonesian catalogue (room.md 8.2), so a dictionary does it.

Words are looked up by their English text alone: the same English word has the same Indonesian one in all of
Qt's contexts, and so a dialog that a later Qt translates under another context still speaks Indonesian.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, QTranslator

WORDS: dict[str, str] = {
    # QPlatformTheme, QDialogButtonBox, QMessageBox
    "OK": "Oke",
    "&OK": "&Oke",
    "Save": "Simpan",
    "&Save": "&Simpan",
    "Save All": "Simpan semua",
    "Open": "Buka",
    "&Open": "&Buka",
    "&Yes": "&Ya",
    "Yes": "Ya",
    "Yes to &All": "Ya untuk &semua",
    "&No": "&Tidak",
    "No": "Tidak",
    "N&o to All": "T&idak untuk semua",
    "Abort": "Hentikan",
    "Retry": "Coba lagi",
    "Ignore": "Abaikan",
    "Close": "Tutup",
    "&Close": "&Tutup",
    "Cancel": "Batal",
    "&Cancel": "&Batal",
    "Discard": "Buang",
    "Don't Save": "Jangan simpan",
    "Close without Saving": "Tutup tanpa menyimpan",
    "Help": "Bantuan",
    "Apply": "Terapkan",
    "Reset": "Atur ulang",
    "Restore Defaults": "Kembalikan ke awal",
    "Show Details...": "Tampilkan rincian …",
    "Hide Details...": "Sembunyikan rincian …",
    # QLineEdit, QWidgetTextControl, QTextBrowser
    "&Undo": "&Urungkan",
    "&Redo": "U&langi",
    "Cu&t": "Po&tong",
    "&Copy": "&Salin",
    "&Paste": "&Tempel",
    "Delete": "Hapus",
    "Select All": "Pilih semua",
    "Copy &Link Location": "Salin a&lamat tautan",
    "Clear": "Kosongkan",
    "Insert Unicode control character": "Sisipkan karakter kendali Unicode",
    # QAbstractSpinBox
    "&Select All": "Pilih &semua",
    "&Step up": "&Naik",
    "Step &down": "&Turun",
    # QFileDialog and its model
    "Look in:": "Cari di:",
    "File &name:": "&Nama berkas:",
    "Files of type:": "Jenis berkas:",
    "Directory:": "Folder:",
    "Folder": "Folder",
    "File": "Berkas",
    "&Choose": "&Pilih",
    "Save As": "Simpan sebagai",
    "Find Directory": "Cari folder",
    "All files (*)": "Semua berkas (*)",
    "All Files (*)": "Semua berkas (*)",
    "Back": "Kembali",
    "Forward": "Maju",
    "Parent Directory": "Folder induk",
    "Create New Folder": "Buat folder baru",
    "Create a New Folder": "Buat folder baru",
    "&New Folder": "Folder &baru",
    "New Folder": "Folder baru",
    "List View": "Daftar",
    "Detail View": "Rincian",
    "Change to list view mode": "Tampilkan sebagai daftar",
    "Change to detail view mode": "Tampilkan dengan rincian",
    "Go back": "Kembali",
    "Go forward": "Maju",
    "Go to the parent directory": "Ke folder induk",
    "Sidebar": "Panel samping",
    "Files": "Berkas",
    "List of places and bookmarks": "Daftar tempat dan penanda",
    "&Rename": "&Ganti nama",
    "&Delete": "&Hapus",
    "Show &hidden files": "Tampilkan berkas &tersembunyi",
    "Recent Places": "Tempat terakhir",
    "My Computer": "Komputer ini",
    "Computer": "Komputer",
    "Drive": "Cakram",
    "Name": "Nama",
    "Size": "Ukuran",
    "Kind": "Jenis",
    "Type": "Jenis",
    "Date Modified": "Tanggal diubah",
    "Remove": "Hapus",
    "Show ": "Tampilkan ",
    "%1 already exists.\nDo you want to replace it?": "%1 sudah ada.\nGanti berkas itu?",
    "%1\nFile not found.\nPlease verify the correct file name was given.": (
        "%1\nBerkas tidak ditemukan.\nPeriksa kembali nama berkas."
    ),
    "%1\nDirectory not found.\nPlease verify the correct directory name was given.": (
        "%1\nFolder tidak ditemukan.\nPeriksa kembali nama folder."
    ),
    "'%1' is write protected.\nDo you want to delete it anyway?": "'%1' dilindungi.\nTetap hapus?",
    "Are you sure you want to delete '%1'?": "Hapus '%1'?",
    "Could not delete directory.": "Folder tidak dapat dihapus.",
    # QShortcut, QKeySequence
    "Ctrl": "Ctrl",
    "Shift": "Shift",
    "Alt": "Alt",
    "Meta": "Meta",
    "Escape": "Esc",
    "Space": "Spasi",
    "Left": "Kiri",
    "Right": "Kanan",
    "Up": "Atas",
    "Down": "Bawah",
    # scroll bars, tool bars, docks
    "Scroll here": "Gulir ke sini",
    "Left edge": "Tepi kiri",
    "Right edge": "Tepi kanan",
    "Top": "Atas",
    "Bottom": "Bawah",
    "Page left": "Halaman kiri",
    "Page right": "Halaman kanan",
    "Page up": "Halaman atas",
    "Page down": "Halaman bawah",
    "Scroll left": "Gulir kiri",
    "Scroll right": "Gulir kanan",
    "Scroll up": "Gulir ke atas",
    "Scroll down": "Gulir ke bawah",
    "More": "Lainnya",
    # accessibility of tables and combo boxes
    "Show or hide the list": "Tampilkan atau sembunyikan daftar",
    "Open the combo box selection popup": "Buka daftar pilihan",
}


class IndonesianTranslator(QTranslator):
    """Translates what stands in WORDS and leaves the rest (our own texts are Indonesian already)."""

    def isEmpty(self) -> bool:
        """It has words, though no catalogue file."""
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """The Indonesian word; None lets Qt keep the source (an empty text would blank it)."""
        return WORDS.get(source)


def speak_indonesian() -> None:
    """Numbers and dates as written in Indonesia."""
    QLocale.setDefault(QLocale(QLocale.Language.Indonesian, QLocale.Country.Indonesia))
