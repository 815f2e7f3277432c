# SPDX-License-Identifier: MIT
#
# procmap: what a process is known by that has become another program.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	fed_kill
}

# A connection to itself, whose ports it prints; once there is something in
# `go` the process becomes sleep(1), which is in memory only, or in a
# directory of so many parts of so many letters.
program='
import os, shutil, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
client.send(b"x")
for end in client, listener:
    os.set_inheritable(end.fileno(), True)      # else it is reset
os.open("/dev/null", 0)         # one that it will not have any more
print(client.getsockname()[1], listener.getsockname()[1], flush=True)
open("go").read()
parts, letters = int(sys.argv[1]), int(sys.argv[2])
with open(shutil.which("sleep"), "rb") as sleep:
    text = sleep.read()
if parts == 0:
    memory = os.memfd_create("odd", 0)
    os.write(memory, text)
    path = "/proc/self/fd/%d" % memory
else:
    for _ in range(parts):
        os.mkdir("d" * letters)
        os.chdir("d" * letters)
    with open("sleep", "wb") as copy:
        copy.write(text)
    os.chmod("sleep", 0o755)
    path = "./sleep"
os.execv(path, ["sleep", "60"])
'

# becomes_program SOURCE PARTS LETTERS EXE
becomes_program() {
	local client listener flow
	rm -rf d* go held
	mkfifo go
	feed_ready procmap --source "$1"
	python3 -c "$program" "$2" "$3" >held 3>&- 7>&- &
	holder=$!
	wait_for 20 test -s held
	read -r client listener <held
	flow=6,127.0.0.1,$client,127.0.0.1,$listener
	becomes "$flow" '[.pid,(.exe | contains("python"))]' "[$holder,true]"
	echo >go
	becomes "$flow" '[.pid,.exe]' "[$holder,\"$4\"]"
	fed_end
	kill "$holder"
	wait "$holder" || true
	holder=
}

@test "a program in memory is not the one that the process ran before" {
	need python3 command -v python3
	becomes_program diag 0 0 /memfd:odd
	need_bpf
	becomes_program bpf 0 0 /memfd:odd
}

@test "a program whose path has no room is not the one of before" {
	need python3 command -v python3
	becomes_program diag 5 100 ''
	need_bpf
	becomes_program bpf 5 100 ''
	becomes_program bpf 1 200 ''
}
