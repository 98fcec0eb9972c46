from PySide6.QtWidgets import QApplication
from tests.ui.hands import MI
def test_d(hands):
    hands.scan(MI, MI)
    print('B', QApplication.focusWidget())
    hands.press("F8")
    print('A', QApplication.focusWidget(), hands.panel, hands.said, hands.page, QApplication.activeWindow())
    hands.press("Esc")
    print('C', QApplication.focusWidget(), hands.panel)
    hands.press("F10")
    print('D', QApplication.focusWidget(), hands.panel)
    hands.press("Ctrl+E")
    print('E', QApplication.focusWidget(), hands.panel)
    assert 0
