# table.awk - the table of the race, in Markdown that is also fit to be read.
#
# Reads rows, reasons, peers, skipped, machine and raw, in this order. A cell
# is what a peer did for a number of `rows`: its median, least and most, and
# how it stands to the best peer. mode: plain, or results for RESULTS.md.

function basename(path) { sub(/.*\//, "", path); return path }

# Our own variants do not race against us.
function is_own(id) { return id ~ /^evtask/ }

function thousands(s,    out) {
	while (length(s) > 3) {
		out = "," substr(s, length(s) - 2) out
		s = substr(s, 1, length(s) - 3)
	}
	return s out
}

# Three figures, or all that stand before the point.
function figure(x) {
	if (x + 0 != x) return x
	if (x >= 100) return thousands(sprintf("%.0f", x))
	if (x >= 10) return sprintf("%.1f", x)
	return sprintf("%.2f", x)
}

# Sorts values[1..n].
function sort(values, n,    i, j, v) {
	for (i = 2; i <= n; i++) {
		v = values[i]
		for (j = i - 1; j >= 1 && values[j] > v; j--)
			values[j + 1] = values[j]
		values[j + 1] = v
	}
}

# Median, least and most of what was measured for a number by a peer.
function summarize(cell,    n, parts, values, i) {
	n = split(raw[cell], parts, " ")
	for (i = 1; i <= n; i++) values[i] = parts[i] + 0
	sort(values, n)
	least[cell] = values[1]
	most[cell] = values[n]
	median[cell] = n % 2 ? values[(n + 1) / 2] : \
	    (values[n / 2] + values[n / 2 + 1]) / 2
}

function more_is_better(i) { return unit[i] ~ /\/s$/ }

function better(i, a, b) { return more_is_better(i) ? a > b : a < b }

# What a goal asks for, as a number; "" when the peer is not there.
function goal_value(i, goal,    factor) {
	if (goal !~ /\*/) return goal + 0
	factor = goal
	sub(/\*.*/, "", factor)
	sub(/.*\*/, "", goal)
	return (cell_of(i, goal) in median) ? \
	    factor * median[cell_of(i, goal)] : ""
}

function cell_of(i, id) { return row[i] " " size[i] " " key[i] " " id }

# Which of our programs a number is about.
function ours_of(i) {
	return cell_of(i, cell_of(i, "evtask") in median ? "evtask" : "evtaskd")
}

# "<= 3.5 met", for each goal of the number.
function verdict(i,    n, goals, g, value, out, ours, sign) {
	if (goal[i] == "-") return ""
	ours = ours_of(i)
	sign = more_is_better(i) ? ">=" : "<="
	n = split(goal[i], goals, ",")
	for (g = 1; g <= n; g++) {
		value = goal_value(i, goals[g])
		if (value == "" || !(ours in median)) continue
		out = out (out == "" ? "" : "; ") sign " " figure(value) " "
		if (better(i, value, median[ours])) {
			out = out "missed"
			missed++
		} else {
			out = out "met"
			met++
		}
	}
	return out
}

function line(a, b, c, d, e, f) {
	printf "| %-58s | %-23s | %9s | %17s | %7s | %s |\n", a, b, c, d, e, f
}

# The peers of a number, best first; those that fail come last.
function rank(i, order,    n, p, j, id) {
	n = 0
	for (p = 1; p <= peers; p++) {
		id = peer[p]
		if (!(cell_of(i, id) in median) && !fails[row[i] " " size[i] " " id])
			continue
		for (j = ++n; j > 1 && before(i, id, order[j - 1]); j--)
			order[j] = order[j - 1]
		order[j] = id
	}
	return n
}

function before(i, a, b) {
	if (!(cell_of(i, a) in median)) return 0
	if (!(cell_of(i, b) in median)) return 1
	return better(i, median[cell_of(i, a)], median[cell_of(i, b)])
}

function range(cell) {
	if (least[cell] == most[cell]) return ""
	return figure(least[cell]) " - " figure(most[cell])
}

function ratio(cell, best) {
	if (best == "" || !median[best]) return ""
	return sprintf("%.2f", median[cell] / median[best])
}

# The best of the peers, as a cell; "" when there is none.
function best_of(i, order, n,    j) {
	for (j = 1; j <= n; j++)
		if (!is_own(order[j]) && (cell_of(i, order[j]) in median))
			return order[j]
	return ""
}

function print_number(i,    n, order, j, id, best, cell, label) {
	n = rank(i, order)
	best = best_of(i, order, n)
	label = title[i] (unit[i] == "-" ? "" : " (" unit[i] ")")
	for (j = 1; j <= n; j++) {
		id = order[j]
		cell = cell_of(i, id)
		if (cell in median)
			line(label, shown(id), figure(median[cell]),
			    range(cell), ratio(cell, cell_of(i, best)),
			    cell == ours_of(i) ? verdict(i) : "")
		else
			line(label, shown(id), "fails", "", "", "")
		label = ""
	}
	if (best != "") note_loss(i, best)
}

# Remembers who is better than we are, and why.
function note_loss(i, best,    theirs, ours, why) {
	theirs = median[cell_of(i, best)]
	if (!(ours_of(i) in median)) return
	ours = median[ours_of(i)]
	if (!better(i, theirs, ours)) return
	why = reason[row[i] " " key[i]]
	losses[++lost] = sprintf("- %s: %s, %s against our %s%s%s", title[i],
	    name[best], figure(theirs), figure(ours),
	    unit[i] == "-" ? "" : " " unit[i], why == "" ? "" : "; " why)
}

function shown(id) { return id ~ /^evtaskd?$/ ? "**" id "**" : name[id] }

# What inspection costs: the difference of two builds.
function print_tax(i,    ours, bare) {
	ours = cell_of(i, "evtask")
	bare = cell_of(i, "evtask_bare")
	if (ours in median && bare in median && unit[i] == "ns")
		printf "- %s: %.2f ns\n", title[i], median[ours] - median[bare]
}

{ sub(/\r$/, "") }
FNR == 1 { file = basename(FILENAME) }
/^#/ || !NF { next }

file == "rows" {
	i = ++numbers
	row[i] = $1
	size[i] = $2
	key[i] = $6
	unit[i] = $7
	goal[i] = $8
	title[i] = $9
	for (f = 10; f <= NF; f++) title[i] = title[i] " " $f
}
file == "reasons" {
	split($0, part, "\t")
	reason[part[1] " " part[2]] = part[3]
}
file == "peers" {
	split($0, part, "\t")
	peer[++peers] = part[1]
	name[part[1]] = part[2]
	version[part[1]] = part[3]
}
file == "skipped" {
	split($0, part, "\t")
	skipped[++skips] = part[1] ": " part[2]
}
file == "machine" { machine[++facts] = $0 }
file == "raw" {
	if ($5 == "fails") fails[$1 " " $2 " " $3] = 1
	else raw[$1 " " $2 " " $4 " " $3] = \
	    raw[$1 " " $2 " " $4 " " $3] " " $5
}

END {
	for (cell in raw) summarize(cell)
	if (mode == "results") {
		print "# The race\n"
		print "Written by `bench/run --update`, which anyone can" \
		    " repeat; `bench/run --quick` is a\nfirst look in a" \
		    " minute. Inspection and guard pages are on.\n"
	}
	for (f = 1; f <= facts; f++) print "- " machine[f]
	printf "- peers: "
	for (p = 1; p <= peers; p++)
		printf "%s%s %s", (p > 1 ? "; " : ""), name[peer[p]],
		    version[peer[p]]
	print ""
	for (s = 1; s <= skips; s++) print "- skipped: " skipped[s]
	print ""
	line("what", "who", "median", "least - most", "to best", "goal")
	line("---", "---", "--:", "--:", "--:", "---")
	for (i = 1; i <= numbers; i++)
		if (title[i] != "-") print_number(i)
	printf "\n\"to best\" is the ratio to the best peer. Times are the" \
	    " processor's for the whole process, but\nfor the rows in k/s," \
	    " where more is better. Goals: %d met, %d missed.\n", met, missed
	if ("evtask_bare" in name) {
		print "\nWhat inspection costs, from a build without it:\n"
		for (i = 1; i <= numbers; i++)
			if (title[i] != "-") print_tax(i)
	}
	if (lost) {
		print "\nWhere a peer wins:\n"
		for (i = 1; i <= lost; i++) print losses[i]
	}
	if (mode == "results") {
		print "\n## How it grows\n"
		print "![yield](yield-ns.svg) ![alive](alive-cold.svg)\n"
		print "![memory asleep](asleep-bytes.svg)" \
		    " ![time asleep](asleep-cpu.svg)"
	}
}
