"""expressions N SEED: a YAML file of N generated variables with templates, over a few fixed ones that they use."""
import json
import random
import sys

FIXED = {
    "text": "Hello World", "ver": "v1.21.0", "ver2": "1.9.12", "empty": "", "num": 7, "neg": -3, "real": 2.5,
    "yes_text": "yes", "true_val": True, "false_val": False, "nothing": None, "path": "/a/b-c/d_e.tar.gz",
    "list_n": [3, 1, 2, 3], "list_t": ["b", "A", "c", "a", "b"], "list_e": [],
    "map_a": {"x": 1, "y": "two", "z": [1, 2]}, "map_v": {"v1.9": "one", "v1.10": "two", "v2": "three"},
    "items": [{"name": "a", "n": 1, "on": True}, {"name": "b", "n": 2, "on": False}, {"name": "c", "n": 2, "on": True}],
    "lazy": "{{ text | lower }}-{{ num }}", "lazier": "{{ lazy ~ lazy2 }}", "lazy2": "{{ ver | regex_replace('^v', '') }}",
    "lazy_list": "{{ list_t + ['{{ x }}'] }}", "broken": "{{ no_such_name }}", "arch": "amd64",
    "sums": {"amd64": {"1.2.0": "aaa", "1.10.0": "bbb"}, "arm64": {"1.2.0": 0}},
}


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def one(self, *choices):
        pick = self.r.choice(choices)
        return pick() if callable(pick) else pick

    def text(self, d):
        if d <= 0:
            return self.one("text", "ver", "ver2", "path", "lazy", "lazier", "arch", "'abc'", "''", "'a,b,c'", "'x y'", "empty",
                            "'v1.10'", "\"it's\"", "yes_text", "'True'", "'7'")
        t, n = (lambda: self.text(d - 1)), (lambda: self.num(d - 1))
        return self.one(
            lambda: "%s | %s" % (self.par(t()), self.one("lower", "upper", "trim", "capitalize", "title", "string", "reverse", "quote",
                                                         "basename", "dirname", "length | string", "urlencode", "regex_escape")),
            lambda: "%s | replace(%s, %s)" % (self.par(t()), self.lit(), self.lit()),
            lambda: "%s | regex_replace(%s, %s)" % (self.par(t()), self.regex(), self.one("''", "'-'", "'<\\\\1>'", "'\\\\g<0>x'")),
            lambda: "%s ~ %s" % (self.par(t()), self.par(self.any(d - 1))),
            lambda: "%s + %s" % (self.par(t()), self.par(t())),
            lambda: "%s if %s else %s" % (self.par(t()), self.cond(d - 1), self.par(t())),
            lambda: "%s[%s]" % (self.par(t()), self.slice()),
            lambda: "%s | join(%s)" % (self.par(self.list(d - 1)), self.one("','", "'-'", "''")),
            lambda: "%s | default(%s)" % (self.one("no_such", "broken", "map_a.q", "map_a['q'].r", "nothing", "text", "broken.a.b"), self.par(t())),
            lambda: "%s | d(%s, true)" % (self.one("empty", "nothing", "no_such", "list_e", "text"), self.par(t())),
            lambda: "(%s) | ternary(%s, %s)" % (self.cond(d - 1), self.par(t()), self.par(t())),
            lambda: "%s.%s" % (self.par(t()), self.one("upper()", "strip()", "replace('a', 'b')", "lower()", "capitalize()", "strip('v')",
                                                       "lstrip('v')", "zfill(12)", "rjust(9, '*')", "format(1)")),
            lambda: "'%%s-%%d|%%5s|%%-4s|%%03d' %% (%s, %s, 'q', 'z', 7)" % (t(), n()),
            lambda: "'{} {0}'.format(1)" if self.r.random() < .05 else "'{}:{:>6}|{:<4}|{:03d}'.format(%s, %s, 'a', 5)" % (t(), t()),
            lambda: "'%%s=%%s' | format(%s, %s)" % (t(), n()),
            lambda: "%s | string" % self.par(self.any(d - 1)),
            lambda: "%s | to_json" % self.par(self.any(d - 1)),
            lambda: "map_v[%s]" % self.one("'v1.9'", "'v2'", "'v1.10'", "ver", "(map_v.keys() | list)[1]"),
            lambda: "sums[arch][%s]" % self.one("'1.2.0'", "(sums.amd64.keys() | select('version', '1.5', '<'))[0]", "ver2"),
            lambda: "(%s | dict2items)[%s].%s" % (self.one("map_v", "map_a"), self.one("0", "1", "-1", "9"), self.one("key", "value")),
            lambda: "%s.split(%s)[%s]" % (self.par(t()), self.one("'.'", "' '", "'-'", ""), self.one("0", "-1", "1")),
            lambda: "lookup('vars', %s)" % self.one("'te' + 'xt'", "'lazy'", "'nope', default='dd'", "'nope'"),
            lambda: "lookup('env', 'KUBECRATE_NO_SUCH')",
            lambda: "%s | truncate(%s)" % (self.par(t()), self.one("5", "8, true", "6, false, '..', 0")),
            lambda: "%s | indent(%s)" % (self.par(t()), self.one("2", "2, true", "")),
            lambda: "%s | b64encode%s" % (self.par(t()), self.one("", " | b64decode")),
            lambda: "%s | center(%s)" % (self.par(t()), self.one("20", "15", "3")),
            lambda: "%s | splitext | %s" % (self.par(t()), self.one("first", "last")),
            lambda: "'%s' | urlsplit('%s')" % (self.url(), self.one("scheme", "netloc", "path", "query", "fragment", "hostname", "port", "username")),
            lambda: "%s | urlencode%s" % (self.one("map_a", "path", "'a b/c?d=e&f'", "[('x', 1), ('y', 'z w')]"), self.one("", " | urldecode")),
            lambda: "[%s, %s] | path_join" % (t(), t()),
            lambda: "%s | human_readable%s" % (self.one("0", "1023", "1536", "7340032", "99999999999"), self.one("", "(unit='M')", "(isbits=true)")),
            lambda: "%s | regex_escape('posix_basic')" % self.par(t()),
            lambda: "%s[::-1] | first" % self.par(self.list(d - 1)),
            lambda: "vars[%s]" % self.one("'text'", "'lazy'", "'te' ~ 'xt'", "'num' | string", "'no_such'"),
            lambda: "query('vars', 'text', %s)[%s]" % (self.one("'ver'", "'lazy'", "'no_such'"), self.one("0", "1", "-1")),
            lambda: "dict(a=%s, b=2).a" % t(),
            lambda: "%s * %s" % (self.par(t()), self.one("2", "0", "-1", "3")),
            lambda: "(%s, %s) | join('+')" % (t(), t()),
        )

    def num(self, d):
        if d <= 0:
            return self.one("num", "neg", "3", "0", "12", "real", "2.5", "1_000", "0x1f", "-1", "true_val")
        n = (lambda: self.num(d - 1))
        return self.one(
            lambda: "%s %s %s" % (self.par(n()), self.one("+", "-", "*", "/", "//", "%"), self.par(n())),
            lambda: "%s ** %s" % (self.par(n()), self.one("2", "3", "0", "-1")),
            lambda: "-%s" % self.par(n()),
            lambda: "%s | %s" % (self.par(self.r.choice((self.text, self.num))(d - 1)), self.one("int", "float", "int(5)", "float(1.5)", "int(0, 16)")),
            lambda: "%s | length" % self.par(self.r.choice((self.text, self.list))(d - 1)),
            lambda: "%s | %s" % (self.par(n()), self.one("abs", "round", "round(1)", "round(0, 'floor')", "round(2, 'ceil')")),
            lambda: "%s | %s" % (self.one("list_n", "[4, 2.5, 9]", "list_e"), self.one("sum", "min", "max", "first", "last", "length", "count")),
            lambda: "%s.%s" % (self.par(self.text(d - 1)), self.one("find('a')", "count('a')", "index('a')", "rfind('b')")),
            lambda: "%s[%s]" % (self.par(self.list(d - 1)), self.one("0", "-1", "1", "7")),
        )

    def cond(self, d):
        if d <= 0:
            return self.one("true_val", "false_val", "true", "False", "num > 3", "text is defined", "no_such is defined", "broken is defined",
                            "nothing is none", "map_a is mapping", "empty", "list_n", "'a' in list_t", "'x' in map_a", "'ell' in text")
        c, t, n = (lambda: self.cond(d - 1)), (lambda: self.text(d - 1)), (lambda: self.num(d - 1))
        return self.one(
            lambda: "%s %s %s" % (self.par(c()), self.one("and", "or"), self.par(c())),
            lambda: "not %s" % self.par(c()),
            lambda: "%s %s %s" % (self.par(t()), self.one("==", "!=", "<", ">=", "in", "not in"), self.par(t())),
            lambda: "%s %s %s" % (self.par(n()), self.one("==", "!=", "<", "<=", ">", ">="), self.par(n())),
            lambda: "%s in %s" % (self.par(self.any(d - 1)), self.par(self.list(d - 1))),
            lambda: "%s is version(%s, %s)" % (self.one("ver", "ver2", "'1.2.3-rc1'", "'1.21'", "lazy2"), self.one("'1.9'", "'v1.10.0'", "'1.2.3-beta'", "ver2"),
                                               self.one("'>='", "'<'", "'eq'", "'ne'", "'<='", "'gt'", "'=='")),
            lambda: "%s is version(%s, %s, version_type=%s)" % (self.one("'1.2.3'", "'1.2.3-rc.1'", "'1.10.0'", "'2.0.0-alpha'"), self.one("'1.2.3'", "'1.2.10'", "'1.2.3-rc.2'"),
                                               self.one("'>='", "'<'", "'eq'"), self.one("'semver'", "'strict'", "'loose'", "'pep440'")),
            lambda: "%s is %s(%s)" % (self.par(t()), self.one("match", "search", "regex"), self.regex()),
            lambda: "%s is %s%s" % (self.par(self.any(d - 1)), self.one("", "not "), self.one("string", "number", "mapping", "iterable", "sequence", "none",
                                    "defined", "undefined", "boolean", "integer", "float", "truthy", "falsy", "sameas true", "eq 7", "in [1, 'a']")),
            lambda: "%s | bool" % self.par(self.any(d - 1)),
            lambda: "%s is %s %s" % (self.par(n()), self.one("divisibleby", "gt", "lt", "ge", "ne"), self.one("2", "3")),
            lambda: "%s is %s" % (self.par(self.list(d - 1)), self.one("any", "all", "contains('a')", "subset(list_t)", "superset([1])")),
            lambda: "1 < %s < 9" % self.par(n()),
        )

    def list(self, d):
        if d <= 0:
            return self.one("list_n", "list_t", "list_e", "[1, 2]", "['a', 'b', 'A']", "map_a.keys() | list", "range(4) | list", "lazy_list", "[none, true, 1.5]")
        l = (lambda: self.list(d - 1))
        return self.one(
            lambda: "%s + %s" % (self.par(l()), self.par(l())),
            lambda: "%s | %s" % (self.par(l()), self.one("list", "unique", "reverse | list", "sort", "sort(reverse=true)", "flatten", "reverse")),
            lambda: "%s | %s(%s)" % (self.par(l()), self.one("union", "difference", "intersect", "symmetric_difference"), l()),
            lambda: "%s | map(%s) | list" % (self.par(l()), self.one("'string'", "'upper'", "'int'", "'replace', 'a', 'b'", "'length'", "'regex_replace', '^', 'x'")),
            lambda: "%s | %s(%s) | list" % (self.par(l()), self.one("select", "reject"), self.one("'string'", "'number'", "'match', 'a'", "'in', ['a', 2]", "'defined'", "", "'gt', 1")),
            lambda: "items | %s(%s) | map(attribute='name') | list" % (self.one("selectattr", "rejectattr"), self.one("'on'", "'n', 'eq', 2", "'name', 'in', 'ab'", "'q', 'defined'")),
            lambda: "items | map(attribute=%s) | list" % self.one("'n'", "'name'", "'q', default='?'"),
            lambda: "%s | split(%s)" % (self.par(self.text(d - 1)), self.one("", "'.'", "','", "'a'", "'-', 1")),
            lambda: "%s[%s]" % (self.par(l()), self.slice()),
            lambda: "[%s, %s]" % (self.any(d - 1), self.any(d - 1)),
            lambda: "%s | regex_findall(%s)" % (self.par(self.text(d - 1)), self.regex()),
            lambda: "%s | dict2items" % self.one("map_a", "map_v", "{}"),
            lambda: "%s | dictsort%s" % (self.one("map_a", "map_v"), self.one("", "(reverse=true)")),
            lambda: "%s | zip(%s) | list" % (self.par(l()), l()),
            lambda: "%s | batch(2%s) | list" % (self.par(l()), self.one("", ", 'f'")),
            lambda: "path | regex_search('([a-z]+)', '\\\\1')",
            lambda: "%s | regex_search(%s) | default('-', true) | list" % (self.par(self.text(d - 1)), self.regex()),
            lambda: "%s | from_json" % self.one("'[1, \"a\", null]'", "'{\"a\": [true]}'", "text"),
            lambda: "items | groupby('n') | map('last') | list",
            lambda: "items | groupby('%s') | map(attribute='%s') | list" % (self.one("n", "on"), self.one("grouper", "list", "0", "1")),
            lambda: "%s | zip_longest(%s%s) | list" % (self.par(l()), l(), self.one("", ", fillvalue='-'")),
            lambda: "%s | product(%s) | list" % (self.par(l()), self.one("[1, 2]", "list_e", "'ab'")),
            lambda: "%s | slice(%s) | list" % (self.par(l()), self.one("2", "3, 'f'")),
            lambda: "%s | sort(attribute='%s') | map(attribute='name') | list" % ("items", self.one("n", "name", "n,name")),
            lambda: "['a', 'b', 'x'] | map('extract', %s) | list" % self.one("map_a", "{'a': 1, 'b': 2, 'x': 3}"),
            lambda: "%s * 2" % self.par(l()),
            lambda: "(%s, %s) | list" % (self.any(d - 1), self.any(d - 1)),
            lambda: "range(%s) | list" % self.one("3", "1, 9, 3", "5, 0, -2", "num"),
            lambda: "%s | unique(case_sensitive=true)" % self.par(l()),
            lambda: "%s | map('default', 'x') | list" % self.par(l()),
        )

    def map(self, d):
        m = (lambda: self.map(d - 1))
        if d <= 0:
            return self.one("map_a", "map_v", "{'a': 1, 'b': [2]}", "{}", "dict(a=1)")
        return self.one(
            lambda: "%s | combine(%s%s)" % (self.par(m()), m(), self.one("", ", recursive=true", ", list_merge='append'", ", list_merge='prepend_rp'")),
            lambda: "{%s: %s, 'k': %s}" % (self.text(d - 1), self.any(d - 1), self.any(d - 1)),
            lambda: "%s | dict2items | items2dict" % self.par(m()),
            lambda: "items | items2dict(key_name='name', value_name='n')",
        )

    def any(self, d):
        return self.r.choice((self.text, self.num, self.cond, self.list, self.map))(d)

    def lit(self):
        return self.one("'a'", "'l'", "''", "'.'", "'xyz'", "'-'", "' '")

    def regex(self):
        return self.one("'^v'", "'([a-z]+)'", "'(\\\\d+)\\\\.(\\\\d+)'", "'o'", "'^(.)'", "'[aeiou]'", "'$'", "'(l|o)+?'", "'(?i)HELLO'", "'\\\\w+$'", "'x*'")

    def slice(self):
        return self.one(":2", "1:", ":-1", "::2", "::-1", "-2:", "1:3", "5:1:-2", ":", "0:0")

    def url(self):
        return "%s%s%s%s%s" % (self.one("http://", "https://", "//", "", "HTTP://"), self.one("", "u@", "u:p@"),
                               self.one("host", "Host.example:80", "[::1]", "[::1]:8080", "h:"), self.one("", "/", "/a/b", "/a?b#c"), self.one("", "?q=1", "#f", "?a=b&c#d"))

    def change(self):
        return self.one("append(i)", "insert(0, i)", "insert(-1, i)", "pop()", "pop(0)", "extend([i, i])", "extend('ab')", "reverse()", "remove(3)",
                        "sort()", "sort(reverse=true)", "clear()", "index(i)", "count(i)", "copy().append(i)")

    def par(self, e):
        return e if e.replace("_", "").replace(".", "").isalnum() and self.r.random() < .9 else "(%s)" % e

    def template(self):
        d = self.r.choice((1, 1, 2, 2, 3))
        return self.one(
            lambda: "{{ %s }}" % self.any(d), lambda: "{{ %s }}" % self.any(d), lambda: "{{ %s }}" % self.any(d),
            lambda: "a {{ %s }} b" % self.any(d), lambda: "{{ %s }}{{ %s }}" % (self.any(d - 1), self.any(d - 1)),
            lambda: "{%% if %s %%}x{%% elif %s %%}y{%% else %%}z {{ %s }}{%% endif %%}" % (self.cond(d), self.cond(d - 1), self.any(d - 1)),
            lambda: "p {%%- if %s -%%} q {%%- endif %%}\n r\n" % self.cond(d),
            lambda: "{%% for i in %s %%}{{ loop.index }}{{ i }}{%% if not loop.last %%},{%% endif %%}{%% else %%}none{%% endfor %%}" % self.list(d),
            lambda: "{%% for i in %s if i %%}\n{{ loop.length }}-{{ i }}\n{%% endfor %%}\n" % self.list(d - 1),
            lambda: "{%% set q = %s %%}{{ q }}{{ q }}" % self.any(d),
            lambda: "{%% set ns = namespace(n=0) %%}{%% for i in %s %%}{%% set ns.n = ns.n + 1 %%}{%% endfor %%}{{ ns.n }}" % self.list(d - 1),
            lambda: "t {%% raw %%}{{ %s }}{%% endraw %%}" % self.text(0), lambda: "{# note #}{{ %s -}}  t" % self.any(d - 1),
            lambda: "{{ %s if %s }}" % (self.par(self.text(d - 1)), self.cond(d - 1)),
            lambda: "{%% filter upper %%}{{ %s }}!{%% endfilter %%}" % self.text(d - 1),
            lambda: "{%% set b %%}{{ %s }}{%% endset %%}[{{ b }}]" % self.text(d - 1),
            lambda: "{%% with w = %s %%}{{ w }}{%% endwith %%}" % self.any(d - 1),
            lambda: "[{{ %s }}, {{ %s }}]" % (self.any(d - 1), self.num(d - 1)),
            lambda: "{%% set l = [] %%}{%% for i in %s %%}{%% set _ = l.append(%s) %%}{%% endfor %%}{{ l }}" % (self.list(d - 1), self.one("i", "i ~ ''", "[i]", "loop.index")),
            lambda: "{%%- set l = %s + [] -%%}\n{%%- for i in range(3) -%%}\n{{ l.%s }}\n{%%- endfor -%%}\n{{ l | join(',') }}" % (self.par(self.list(d - 1)), self.change()),
            lambda: "{%% set m = {} %%}{%% for i in items %%}{%% if m.update({i.name: %s}) %%}{%% endif %%}{%% endfor %%}{{ m }}" % self.one("i.n", "i", "loop.first"),
            lambda: "{%% set m = {} %%}{%% for i in %s %%}{{ m.setdefault(i ~ '', []).append(loop.index) }}{%% endfor %%}{{ m | to_json }}" % self.list(d - 1),
            lambda: "{%% for g in items | groupby('n') %%}{{ g.grouper }}={{ g.list | map(attribute='name') | join(%s) }};{%% endfor %%}" % self.lit(),
            lambda: "{%% set a, b = %s, %s %%}{{ a }}{{ b }}" % (self.any(d - 1), self.any(d - 1)),
            lambda: "{%% for k, v in %s.items() %%}{{ k }}={{ v }};{%% endfor %%}" % self.one("map_a", "map_v"),
        )


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    maker = Maker(seed)
    for name, value in FIXED.items():
        print("%s: %s" % (name, json.dumps(value)))
    for i in range(count):
        print("e%05d: %s" % (i, json.dumps(maker.template())))


main()
