"""Print-room workstation for the electronic identity card (KTP-el) at a kelurahan in Jakarta."""

__version__ = "0.1.0"
