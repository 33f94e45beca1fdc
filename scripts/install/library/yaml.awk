# yaml.awk: the part of YAML a config.yaml needs, read strictly. POSIX awk.
# out: PATH TAB KIND TAB VALUE TAB LINE TAB YAML; a path's parts are joined by dots (a dot of their own is \001), a list's items are PATH[0], PATH[1]…
# KIND is map, list, null, text, word (unquoted) or empty ({} or []). YAML is this one value for others to read: block
# style, one a line, without comments. Faults go to stdout as "!" TAB LINE TAB REASON.

# One fault a line: what follows from the first would only confuse.
function fail(reason) { if (!(NR in failed)) print "!\t" NR "\t" reason; failed[NR] = 1 }

# What is indented below a line that cannot be read belongs to it.
function unread(reason) { fail(reason); skip = at_indent }

function trim(s) { sub(/^ +/, "", s); sub(/ +$/, "", s); return s }

# The text up to a comment: " #" outside quotes.
function uncomment(s,    i, c, q, p) {
	q = ""; p = " "
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (q != "") {
			if (c == "\\" && q == "\"") { i++; continue }
			if (c == q) q = ""
		} else if ((c == "\"" || c == "'") && p ~ /[ :,\[{-]/) {
			q = c
		} else if (c == "#" && p == " ") {
			return substr(s, 1, i - 1)
		}
		p = c
	}
	if (q != "") fail("a quote is opened and never closed")
	return s
}

# Gives 1 and sets KEY, HEAD (the key as it is written) and REST when s is "key: rest" or "key:".
function split_key(s,    n) {
	if (match(s, /^"[^"]*" *:( |$)/) || match(s, /^'[^']*' *:( |$)/)) {
		n = index(substr(s, 2), substr(s, 1, 1))
		KEY = substr(s, 2, n - 1)
		HEAD = substr(s, 1, n + 1) ":"
	} else if (match(s, /^[A-Za-z0-9_.\/-][^:"'{}\[\],]*:( |$)/)) {
		KEY = trim(substr(s, 1, index(s, ":") - 1))
		HEAD = KEY ":"
	} else {
		return 0
	}
	REST = trim(substr(s, RLENGTH + 1))
	return 1
}

function unquote(s,    q) {
	q = substr(s, 1, 1)
	if (length(s) < 2 || substr(s, length(s)) != q) { fail("text after a closing quote"); return s }
	s = substr(s, 2, length(s) - 2)
	return q == "'" ? unquote_single(s) : unquote_double(s)
}

function unquote_single(s,    rest) {
	rest = s
	gsub(/''/, "", rest)
	if (rest ~ /'/) fail("a ' inside single quotes; write it twice, or put the value in double quotes")
	gsub(/''/, "'", s)
	return s
}

function unquote_double(s,    i, c, out) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "\"") fail("a \" inside double quotes; write \\\", or put the value in single quotes")
		if (c == "\\") {
			c = substr(s, ++i, 1)
			if (c !~ /["\\\/]/) fail("\\" c " inside double quotes; put the value in single quotes")
		}
		out = out c
	}
	return out
}

function emit(path, kind, text, written) { emit_at(path, kind, text, NR, HEAD (written == "" ? "" : " " written)) }

function emit_at(path, kind, text, at, yaml) { print path "\t" kind "\t" text "\t" at "\t" sprintf("%" 2 * depth "s", "") yaml }

function once(path) {
	if (path in seen) fail("the key " shown(path) " is given twice (first in line " seen[path] ")")
	else seen[path] = NR
}

function join(base, key) { gsub(/\./, "\001", key); return base == "" ? key : base "." key }

function shown(path) { gsub(/\001/, ".", path); return path }

# One value on its line: quoted, a flow list or map, or a plain word.
function value(path, s,    c) {
	c = substr(s, 1, 1)
	if (c == "\"" || c == "'") emit(path, "text", unquote(s), s)
	else if (s ~ /^([{] *[}]|[[] *[]])$/) emit(path, "empty", "", s)
	else if (c == "[") flow(path, s, "]")
	else if (c == "{") flow(path, s, "}")
	else if (c ~ /[|>]/) unread("a block of text (" c ") is not understood here; write the value on one line, in quotes")
	else if (c ~ /[&*!%@`,\]}]/ || s ~ /^[-?:]( |$)/) unread("a value cannot begin with " c "; put it in quotes")
	else if (s ~ /:( |$)/) unread("\": \" inside a value; put the value in quotes")
	else if (s == "null" || s == "~") emit(path, "null", "", s)
	else emit(path, "word", s, s)
}

function flow(path, s, close_) {
	if (substr(s, length(s)) != close_) { unread("a list or map in brackets must end on its own line"); return }
	s = substr(s, 2, length(s) - 2) ","
	emit(path, close_ == "]" ? "list" : "map", "")
	depth++
	flow_items(path, s, close_)
	depth--
}

function flow_items(path, s, close_,    i, c, q, part, n) {
	q = ""; part = ""; n = 0
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (q != "") { if (c == q) q = "" }
		else if (c == "\"" || c == "'") q = c
		else if (c ~ /[][{}]/) { fail("brackets inside brackets; write one item a line"); return }
		if (c != "," || q != "") { part = part c; continue }
		part = trim(part)
		if (part == "" && i == length(s)) break
		if (part == "") fail("an empty item between commas")
		else if (close_ == "]") { HEAD = "-"; value(path "[" n++ "]", part) }
		else if (!split_key(part)) fail("expected \"key: value\", found: " part)
		else { once(join(path, KEY)); value(join(path, KEY), REST) }
		part = ""
	}
	if (q != "") fail("a quote inside brackets is opened and never closed; write one item a line")
}

function settle_pending(    p) {
	if (pending == "") return
	p = pending; pending = ""
	emit_at(p, "null", "", pending_at, pending_head)
}

function push(ind, kind, path) {
	depth++
	indent[depth] = ind; kinds[depth] = kind; paths[depth] = path; count[depth] = 0
}

function line(ind, s,    top) {
	if (pending != "" && (ind > indent[depth] || (ind == indent[depth] && s ~ /^-( |$)/ && kinds[depth] == "map"))) {
		emit_at(pending, s ~ /^-( |$)/ ? "list" : "map", "", pending_at, pending_head)
		push(ind, s ~ /^-( |$)/ ? "list" : "map", pending)
		pending = ""
	} else {
		settle_pending()
		while (depth > 0 && (ind < indent[depth] || (ind == indent[depth] && kinds[depth] == "list" && s !~ /^-( |$)/))) depth--
		if (ind != indent[depth]) { unread("indented by " ind " blanks, expected " indent[depth]); return }
	}
	if (kinds[depth] == "list") item(ind, s)
	else entry(s)
}

function item(ind, s,    path, rest) {
	if (s !~ /^-( |$)/) { unread("expected \"- item\", found: " s); return }
	path = paths[depth] "[" count[depth]++ "]"
	rest = substr(s, 2); match(rest, /^ */)
	if (rest ~ /^ *$/) { wait_for(path, "-"); return }
	ind += 1 + RLENGTH
	rest = trim(rest)
	if (substr(rest, 1, 1) !~ /[\[{]/ && split_key(rest)) {
		HEAD = "-"
		emit(path, "map", "")
		push(ind, "map", path)
		entry(rest)
	} else {
		HEAD = "-"
		value(path, rest)
	}
}

function entry(s,    path) {
	if (!split_key(s)) { unread("expected \"key: value\", found: " s); return }
	path = join(paths[depth], KEY)
	once(path)
	if (REST == "") wait_for(path, HEAD)
	else value(path, REST)
}

# What it holds, if anything, is indented below it.
function wait_for(path, head) { pending = path; pending_at = NR; pending_head = head }

BEGIN { depth = -1; push(0, "map", ""); pending = ""; skip = -1 }

# Windows' editors begin a file so.
NR == 1 { sub(/^\357\273\277/, "") }

{
	sub(/\r$/, "")
	if ($0 ~ /^ *\t/) { fail("a tab; indent with blanks"); next }
	if ($0 ~ /^ *(#|$)/ || $0 ~ /^---( |$)/) next
	match($0, /^ */)
	at_indent = RLENGTH
	if (skip >= 0 && at_indent > skip) next
	skip = -1
	text = trim(uncomment($0))
	if (text ~ /\t/) { fail("a tab; use blanks"); next }
	if (text != "") line(at_indent, text)
}

END { settle_pending() }
