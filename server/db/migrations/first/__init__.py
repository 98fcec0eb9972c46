"""The tables of revision 0001, one module a subject.

Until 0001 is released its tables may still change; from then on never: a later change is a
revision of its own.
"""
