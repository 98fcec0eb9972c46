"""A field's text as it was, so that a scan that landed in it can be taken out again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

Restore = Callable[[], None]


def snapshot(widget: QWidget | None) -> Restore | None:
    """How to put a text field back as it is now; None where no text can be typed."""
    edit = _line_edit(widget)
    if edit is not None:
        return None if edit.isReadOnly() else _of_line(edit)
    if isinstance(widget, QPlainTextEdit | QTextEdit) and not widget.isReadOnly():
        return _of_document(widget)
    return None


def _line_edit(widget: QWidget | None) -> QLineEdit | None:
    if isinstance(widget, QLineEdit):
        return widget
    if isinstance(widget, QComboBox):
        return widget.lineEdit() if widget.isEditable() else None
    # A spin box takes the keys for the line edit inside it.
    return widget.findChild(QLineEdit) if isinstance(widget, QAbstractSpinBox) else None


def _of_line(edit: QLineEdit) -> Restore:
    text, cursor = edit.text(), edit.cursorPosition()
    start, length = edit.selectionStart(), edit.selectionLength()

    def restore() -> None:
        edit.setText(text)
        edit.setCursorPosition(cursor)
        if length:
            edit.setSelection(start, length)

    return restore


def _of_document(edit: QPlainTextEdit | QTextEdit) -> Restore:
    was = edit.textCursor()
    anchor, position = was.anchor(), was.position()
    undo_steps = edit.document().availableUndoSteps()
    text = edit.toPlainText()

    def restore() -> None:
        while edit.document().availableUndoSteps() > undo_steps:
            edit.undo()
        if edit.toPlainText() != text:
            edit.setPlainText(text)
        cursor = edit.textCursor()
        cursor.setPosition(anchor)
        cursor.setPosition(position, cursor.MoveMode.KeepAnchor)
        edit.setTextCursor(cursor)

    return restore
