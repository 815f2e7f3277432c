# SPDX-License-Identifier: MIT
#
# Without colours, without Unicode: nothing is told by either alone.  And with
# all of them: a picture.

load helper
load dump

setup() {
	plain_surroundings
	change '.capture.state = "down" | .alerts = [{"flow":72,"direction":
	    "both","rate":10010,"threshold":1000,"state":"raised"}] |
	    .events = [{"level":"warn","from":"capd","text":"down"}]' >down
	change '.flows[0].dst_name = "例え.テスト" | .flows[1].dst_name = "é·…" |
	    .flows[2].process_name = "naïve" | .flows[1].ended = true' >wide
}

@test "--ascii is ASCII in every view, popup and state, as wide as without" {
	: >all
	for keys in '' t tt ttt b bb bbb bbbb j 'jF' r3 o P '{end}' \
	    '{wait 9000}' '/ssh' '/ssh\r' '/x\r' E A h c C 'C\r' i 'j\r' x g \
	    '\tj' '\t\tj' '\t\t\tj' '\t\t\t\tj' '\tj\r' R y e \
	    '{right 30 4}' '{right 5 28}' '{right 60 28}' '{right 75 28}'; do
		for stream in "$six" down wide; do
			screen 100x30 "$keys" --ascii <$stream >>all
		done
	done
	LC_ALL=C grep -n '[^ -~]' all | head -n 3 >odd
	diff -u /dev/null odd
	[ "$(wc -L <all)" -le 100 ]
}

@test "each mark is a sign: two states that differ do so without colours" {
	pair() {	# NAME KEYS KEYS STREAM STREAM
		screen 100x30 "$2" ${6:+"$6"} <"${4:-$six}" |
			sed '/HH/d' >"$1.a"
		screen 100x30 "$3" ${6:+"$6"} <"${5:-${4:-$six}}" >"$1.b"
		! cmp -s "$1.a" "$1.b" || { echo "$1"; false; }
	}
	change '.alerts = [{"flow":72,"direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >alert
	change '.flows[1].ended = true' >ended
	change '.capture.kernel_dropped = 5' >lossy
	change '.source.kind = "file" | .capture.state = "file"' >file
	change '.capture.state = "down"' >isdown
	for look in '' --ascii; do
		pair selected 'j' 'jj' "" "" $look
		pair pinned 'jF{wait 9000}' 'j{wait 9000}' "" "" $look
		pair alerting '{wait 9000}' '{wait 9000}' "$six" alert $look
		pair ended '' '' "$six" ended $look
		pair lossy '' '' "$six" lossy $look
		pair replayed '' '' "$six" file $look
		pair down '' '' "$six" isdown $look
		pair sorted '1{wait 4500}' '3{wait 4500}' "" "" $look
		pair reversed '\tr{wait 4500}' '\t{wait 4500}' "" "" $look
		pair frozen 'o{wait 4500}' '{wait 4500}' "" "" $look
		pair filtered '/a\r' '/b\r' "" "" $look
		pair view '\t' '\t\t' "" "" $look
		pair theme c cj "" "" $look
		pair channel C 'C\t' "" "" $look
		pair slot C Cj "" "" $look
		pair paused P '' "" "" $look
		pair linear 'L{wait 4500}' '{wait 4500}' "" "" $look
		pair units 'B{wait 4500}' '{wait 4500}' "" "" $look
	done
	grep -q '^│×.laptop.lan:51522\|^|x.laptop.lan:51522' ended.b
}

@test "in mono no screen has a colour, and each says what it says in colour" {
	for keys in '' j P '{end}' h c C '\tj' '/ssh' '{right 30 4}'; do
		screen 100x30 "$keys" --dump-styled --set colours=mono <down >mono
		! grep -q "$(printf '\033')\[[0-9;]*[34][0-8]" mono ||
			{ echo "$keys"; false; }
		sed "s/$(printf '\033')\[[0-9;]*m//g" mono >plain
		grep -q 'DOWN' plain || [[ $keys == [hcC{]* ]]
		# The selected row and the header stand out by other means.
		[[ $keys != *j* ]] || grep '▸' mono | grep -q "$(printf '\033')\["
	done
}

@test "NO_COLOR keeps colours out of a styled dump, too" {
	screen 100x24 j --dump-styled <"$six" | grep -q $'\e\[[0-9;]*[34]8;'
	NO_COLOR=1 screen 100x24 j --dump-styled <"$six" >got
	lacks $'\e\[[0-9;]*[34]8;' got
	# What is not colour stays.
	grep -q $'\e\[[0-9;]*1m' got
}

@test "without colours a bar is low characters, the text above it plain" {
	for keys in '' '\t' t; do
		NO_COLOR=1 screen 100x30 "$keys" --dump-styled --set \
			show_header=false <"$six" >got
		# Reversed it would be a nearly solid block.
		grep -q $'\e\[[;0]*m▁▁▁' got
		lacks $'\e\[[0-9;]*7[0-9;]*m▁' got
	done
	NO_COLOR=1 screen 100x30 '' --dump-styled <"$six" | grep '=>' >rows
	lacks $'\e\[\([0-9]*;\)*7[;m]' rows
	# What a dump has no colours for it shows without either.
	NO_COLOR=1 screen 100x16 '' <"$six" >plain
	screen 100x16 '' <"$six" | diff - plain
}

# from_svg: the text of a picture; blocks are drawn as boxes there.
from_svg() {
	python3 -c '
import sys, xml.etree.ElementTree as tree
rows = {}
for text in tree.parse(sys.stdin).iter("{http://www.w3.org/2000/svg}text"):
    column = float(text.get("x")) / 8.43
    row = rows.setdefault(float(text.get("y")), {})
    assert abs(column - round(column)) < 0.01, text.text
    for i, c in enumerate(text.text):
        row[round(column) + i] = c
for y in sorted(rows):
    print("".join(rows[y].get(x, " ") for x in range(100)).rstrip())'
}

@test "--dump-svg is a picture of the same characters at the same places" {
	need python3 command -v python3
	change '.flows[0].process_name = "<b>&"' >odd
	for keys in '' t c h; do
		screen 100x30 "$keys" <odd | python3 -c 'import re, sys
for line in sys.stdin:
    line = re.sub("[\u2581-\u258f]", " ", line).rstrip()
    if line: print(line)' >wanted
		screen 100x30 "$keys" --dump-svg <odd >picture
		from_svg <picture | diff -u wanted -
		grep -q '<rect x="0" y="0" .* fill="#[0-9a-f]\{6\}"/>' picture
	done
	screen 100x30 '' --dump-svg <odd | grep -q '&lt;b&gt;&amp;'
}
