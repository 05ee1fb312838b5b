# plot.awk - a number of the race against how many tasks there are, as SVG.
#
# Reads rows, peers and raw. row and key say which number; a line is a peer,
# a point its median. Both axes are logarithmic.

function basename(path) { sub(/.*\//, "", path); return path }
function log10(x) { return log(x) / log(10) }
function floor(x) { return x < int(x) ? int(x) - 1 : int(x) }
function ceil(x) { return -floor(-x) }

function median_of(list,    n, v, i, j, x) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++) {
		x = v[i]
		for (j = i - 1; j >= 1 && v[j] + 0 > x + 0; j--) v[j + 1] = v[j]
		v[j + 1] = x
	}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function x_of(n) { return LEFT + (log10(n) - x0) / (x1 - x0) * WIDTH }
function y_of(v) { return TOP + (y1 - log10(v)) / (y1 - y0) * HEIGHT }

function text(x, y, anchor, s) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
	    x, y, anchor, s
}

function rule(xa, ya, xb, yb) {
	printf "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#ddd\"/>\n",
	    xa, ya, xb, yb
}

function power(e) {
	if (e >= 9) return 10 ^ (e - 9) "G"
	if (e >= 6) return 10 ^ (e - 6) "M"
	if (e >= 3) return 10 ^ (e - 3) "k"
	return 10 ^ e ""
}

function axes(    e, xm) {
	for (e = ceil(x0); e <= x1 + 0.001; e++) {
		rule(x_of(10 ^ e), TOP, x_of(10 ^ e), TOP + HEIGHT)
		text(x_of(10 ^ e), TOP + HEIGHT + 16, "middle", power(e))
	}
	for (e = y0; e <= y1; e++) {
		rule(LEFT, y_of(10 ^ e), LEFT + WIDTH, y_of(10 ^ e))
		text(LEFT - 6, y_of(10 ^ e) + 4, "end", power(e))
	}
	text(LEFT, 16, "start", TITLE[row " " key])
	text(LEFT + WIDTH / 2, TOP + HEIGHT + 32, "middle", "tasks")
}

# A peer's points, from left to right.
function series(p, colour, bold,    i, v, d) {
	d = ""
	for (i = 1; i <= sizes; i++) {
		if (!((peer[p] " " size[i]) in value)) continue
		v = value[peer[p] " " size[i]]
		d = d sprintf("%s%.1f %.1f", d == "" ? "M" : "L",
		    x_of(size[i]), y_of(v))
		printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" " \
		    "fill=\"%s\"/>\n", x_of(size[i]), y_of(v), bold + 1.5, colour
	}
	printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" " \
	    "stroke-width=\"%s\"/>\n", d, colour, bold
}

function legend(i, p, colour,    y) {
	y = TOP + 8 + (i - 1) * 18
	printf "<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/>\n",
	    LEFT + WIDTH + 14, y, colour
	text(LEFT + WIDTH + 38, y + 4, "start", name[p])
}

BEGIN {
	LEFT = 56; TOP = 30; WIDTH = 380; HEIGHT = 260
	TITLE["yield ns"] = "a yield, ns"
	TITLE["alive cold"] = "created, suspended once, joined: ns a task"
	TITLE["asleep bytes"] = "memory of a sleeping task, bytes"
	TITLE["asleep cpu"] = "all put to sleep and woken, CPU s"
	split("#d62728 #1f77b4 #2ca02c #9467bd #ff7f0e #8c564b #17becf #7f7f7f",
	    colours, " ")
}
FNR == 1 { file = basename(FILENAME) }
/^#/ || !NF { next }
file == "rows" && $1 == row && $6 == key {
	for (i = ++sizes; i > 1 && size[i - 1] > $2 + 0; i--)
		size[i] = size[i - 1]
	size[i] = $2 + 0
}
file == "peers" {
	split($0, part, "\t")
	peer[++peers] = part[1]
	name[peers] = part[2]
}
file == "raw" && $1 == row && $4 == key && $5 > 0 {
	list[$3 " " $2] = list[$3 " " $2] " " $5
}

END {
	y0 = 99; y1 = -99
	for (cell in list) {
		v = value[cell] = median_of(list[cell])
		if (floor(log10(v)) < y0) y0 = floor(log10(v))
		if (ceil(log10(v)) > y1) y1 = ceil(log10(v))
		split(cell, part, " ")
		there[part[1]] = 1
	}
	x0 = log10(size[1])
	x1 = log10(size[sizes])
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"620\" " \
	    "height=\"334\" font-family=\"sans-serif\" font-size=\"12\">\n"
	print "<rect width=\"620\" height=\"334\" fill=\"#fff\"/>"
	axes()
	for (p = 1; p <= peers; p++) {
		if (!there[peer[p]] || peer[p] == "evtask_bare") continue
		series(p, colours[++shown], peer[p] == "evtask" ? 2.5 : 1.5)
		legend(shown, p, colours[shown])
	}
	print "</svg>"
}
