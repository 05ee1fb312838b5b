# evtask-gdb.py - the tasks of a program of libevtask, in gdb.
#
#	(gdb) evtask list
#	(gdb) evtask bt 42		by id or name
#
# For a program that is being debugged, or its core. It needs no debug
# information: where things are is told by the table evtask_layout, as
# inspect_layout.h describes it. gdb loads this by itself from its auto-load
# directory; else "source" it.
import struct

import gdb
import gdb.unwinder

MAGIC = b"evtask\1\0"
VERSION = 3
ROW = struct.Struct("=24shHHh")
HEAD = struct.Struct("=8sIIQ")


def read(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def read_pointer(address):
    return struct.unpack("=Q", read(address, 8))[0]


def read_text(address):
    text = b""
    while b"\0" not in text and len(text) < 256:
        try:
            text += read(address + len(text), 1)
        except gdb.MemoryError:
            break
    return text.split(b"\0")[0].decode("utf-8", "replace")


class Layout:
    """Members of structures, by the program's own table of them."""

    def __init__(self):
        try:
            at = int(gdb.parse_and_eval("(unsigned long)&evtask_layout"))
        except gdb.error:
            raise gdb.GdbError("that is no program of libevtask: there is no "
                               "evtask_layout in it")
        magic, version, size, self.loops = HEAD.unpack(read(at, HEAD.size))
        if magic != MAGIC or version != VERSION or size != ROW.size:
            raise gdb.GdbError("its libevtask has another layout (version "
                               "%d; this script reads %d)" %
                               (version, VERSION))
        self.rows = {}
        at += HEAD.size
        while True:
            name, via, offset, width, bit = ROW.unpack(read(at, ROW.size))
            name = name.rstrip(b"\0").decode()
            if not name:
                break
            self.rows[name] = via, offset, width, bit
            at += ROW.size

    def offset(self, name):
        if name not in self.rows:
            raise gdb.GdbError("its libevtask does not tell of " + name)
        return self.rows[name][1]

    def get(self, base, name):
        """A member of the structure at base; 0: it leads nowhere."""
        self.offset(name)
        via, offset, width, bit = self.rows[name]
        if via >= 0:
            base = read_pointer(base + via)
            if base == 0:
                return 0
        if width == 0:
            return base + offset
        value = int.from_bytes(read(base + offset, width), "little")
        return value if bit < 0 else value >> bit & 1

    def text(self, base, name):
        at = self.get(base, name)
        return read_text(at) if at else ""


class Task:
    def __init__(self, layout, at):
        self.layout = layout
        self.at = at
        self.id = layout.get(at, "task.id")
        self.name = layout.text(at, "task.name") or "Task-%d" % self.id

    def state(self):
        started = self.layout.get(self.at, "task.running") != 0
        if self.layout.get(self.at, "task.queued"):
            return "ready" if started else "created"
        return "waiting" if self.layout.get(self.at, "task.wait") \
            else "running"

    def waits_for(self):
        layout = self.layout
        if self.state() != "waiting":
            return ""
        wait = layout.get(self.at, "task.wait")
        resource = layout.get(wait, "wait.resource")
        if resource:
            kind = layout.text(resource, "resource.type")
            name = layout.text(resource, "resource.name")
            owner = layout.get(resource, "resource.owner")
        else:
            kind = layout.text(wait, "wait.type")
            name = layout.text(wait, "wait.name")
            owner = layout.get(wait, "wait.owner")
        words = [layout.text(wait, "wait.op"), kind, name]
        if owner:
            task = Task(layout, owner)
            words.append("<- %s(%d)" % (task.name, task.id))
        site = layout.get(wait, "wait.site")
        if site:
            words.append("at %s:%d" % (layout.text(site, "site.file"),
                                       layout.get(site, "site.line")))
        return " ".join(word for word in words if word)


def all_tasks(layout):
    loop = read_pointer(layout.loops)
    while loop:
        head = loop + layout.offset("loop.tasks")
        link = layout.get(head, "list.next")
        while link != head:
            at = link - layout.offset("task.all")
            if not layout.get(at, "task.internal"):
                yield Task(layout, at)
            link = layout.get(link, "list.next")
        loop = layout.get(loop, "loop.next")


class Parked:
    """An unwinder that takes the innermost frame for the caller of nothing,
    and says that what called it is where a task is parked: so no register is
    written, and a core will do."""

    name = "evtask"
    enabled = True

    def __init__(self, pc, sp, fp):
        self.values = pc, sp, fp

    def __call__(self, pending):
        words = gdb.lookup_type("unsigned long")
        if gdb.selected_inferior().architecture().name().startswith("aarch"):
            names = "pc", "sp", "x29"
        else:
            names = "rip", "rsp", "rbp"
        if pending.level() != 0:
            return None
        info = pending.create_unwind_info(FrameId(
            pending.read_register(names[1]), pending.read_register(names[0])))
        for name, value in zip(names, self.values):
            info.add_saved_register(name, gdb.Value(value).cast(words))
        return info


class FrameId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class Evtask(gdb.Command):
    """The tasks of a program of libevtask: evtask list, evtask bt TASK."""

    def __init__(self):
        super().__init__("evtask", gdb.COMMAND_STACK, prefix=True)


class List(gdb.Command):
    """Lists the tasks: what state they are in, and what they wait for."""

    def __init__(self):
        super().__init__("evtask list", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        print("%6s  %-20s %-8s %s" % ("ID", "NAME", "STATE", "WAITS FOR"))
        for task in all_tasks(Layout()):
            print("%6d  %-20s %-8s %s" % (task.id, task.name, task.state(),
                                          task.waits_for()))


class Backtrace(gdb.Command):
    """Prints the stack of a task: evtask bt TASK, by id or name.
Frame 0 is where the thread stands; the task's begin with frame 1."""

    def __init__(self):
        super().__init__("evtask bt", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        layout = Layout()
        for task in all_tasks(layout):
            if argument in (str(task.id), task.name):
                break
        else:
            raise gdb.GdbError("there is no task %s; \"evtask list\" shows "
                               "them" % argument)
        if task.state() == "created":
            raise gdb.GdbError("task %s has not run yet" % argument)
        if task.state() == "running":
            gdb.execute("bt")
            return
        parked = layout.get(task.at, "task.parked")
        unwinder = Parked(*(layout.get(parked, "parked." + name)
                            for name in ("pc", "sp", "fp")))
        gdb.unwinder.register_unwinder(None, unwinder, replace=True)
        gdb.invalidate_cached_frames()
        try:
            gdb.execute("bt")
        finally:
            gdb.frame_unwinders.remove(unwinder)
            gdb.invalidate_cached_frames()


Evtask()
List()
Backtrace()
