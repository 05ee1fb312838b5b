# lib/thread: how a thread begins; below all floors, and a header only
libevtask_objs_la_SOURCES += lib/thread/deaf.h
