/**
 * jq's functions that are best said in jq itself: those that take expressions, and those that follow paths. What the
 * manual of jq 1.6 says of each is what they do, down to what 1.6 does where a path is deleted while others are updated.
 */
export const PRELUDE = `
def error: error(.);
def halt_error: halt_error(5);
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def select(f): if f then . else empty end;
def recurse(f): def r: ., (f | r); r;
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def recurse: recurse(.[]?);
def recurse_down: recurse;
def not: if . then false else true end;
def range($upto): range(0; $upto);
def range($from; $upto; $by):
  if $by > 0 then $from | while(. < $upto; . + $by)
  elif $by < 0 then $from | while(. > $upto; . + $by)
  else empty end;
def while(cond; update): def go: if cond then ., (update | go) else empty end; go;
def until(cond; update): def go: if cond then . else (update | go) end; go;
def repeat(f): def go: f, go; go;
def add: reduce .[] as $x (null; . + $x);
def any(generator; condition): isempty(first(generator | condition | if . then true else empty end)) | not;
def any(f): any(.[]; f);
def any: any(.);
def all(generator; condition): isempty(first(generator | condition | if . then empty else false end));
def all(f): all(.[]; f);
def all: all(.);
def sort_by(f): _sort_by_impl(map([f]));
def group_by(f): _group_by_impl(map([f]));
def unique_by(f): [group_by(f)[] | .[0]];
def unique: unique_by(.);
def min_by(f): _min_by_impl(map([f]));
def max_by(f): _max_by_impl(map([f]));
def reverse: [.[length - 1 - range(0; length)]];
def to_entries: [keys_unsorted[] as $key | {$key, value: .[$key]}];
def from_entries:
  map({(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}) | add | . //= {};
def with_entries(f): to_entries | map(f) | from_entries;
def del(f): delpaths([path(f)]);
def paths: path(..) | select(length > 0);
def paths(f): . as $whole | paths | select(. as $path | $whole | getpath($path) | f);
def leaf_paths: paths(scalars);
def _assign(paths; $value): reduce path(paths) as $path (.; setpath($path; $value));
def _modify(paths; f):
  reduce path(paths) as $path (.;
    . as $before | label $done | (setpath($path; $before | getpath($path) | f) | ., break $done), delpaths([$path]));
def first(f): label $done | f | ., break $done;
def last(f): reduce f as $x (null; $x);
def limit($n; f):
  if $n < 0 then f
  else label $done | foreach f as $x ($n; . - 1; $x, if . <= 0 then break $done else empty end) end;
def isempty(f): 0 == ((label $done | f | 1, break $done) // 0);
def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else last(limit($n + 1; f)) end;
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def indices($x):
  if type == "string" and ($x | type) == "string" then _strindices($x)
  elif type == "array" and ($x | type) != "array" then .[[$x]]
  else .[$x] end;
def index($x): indices($x) | .[0];
def rindex($x): indices($x) | .[-1:][0];
def in(object): . as $key | object | has($key);
def inside(other): . as $part | other | contains($part);
def join($separator):
  reduce .[] as $x (null;
    (if . == null then "" else . + $separator end)
    + ($x | if type == "boolean" or type == "number" then tostring else . // "" end)) // "";
def flatten($depth): [.[]] | _flatten($depth);
def flatten: flatten(1e9);
def combinations:
  if length == 0 then []
  else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest end;
def combinations(n): . as $set | [range(n) | $set] | combinations;
def transpose:
  if . == [] then []
  else . as $rows | (map(length) | max) as $width | [range(0; $width) as $i | [$rows[][$i]]] end;
def walk(f):
  if type == "object" then . as $in | reduce keys_unsorted[] as $key ({}; . + {($key): ($in[$key] | walk(f))}) | f
  elif type == "array" then map(walk(f)) | f
  else f end;
def env: $ENV;
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def nulls: select(. == null);
def values: select(. != null);
def scalars: select(type | . != "array" and . != "object");
def scalars_or_empty: select((type | . != "array" and . != "object") or length == 0);
def isfinite: type == "number" and (isinfinite | not);
def finites: select(isfinite);
def normals: select(isnormal);
def input: _input;
def inputs: def go: _input | ., go; try repeat(_input) catch if . == "break" then empty else error end;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def match(re; flags): _match_impl(re; flags; false) | .[];
def test(re; flags): _match_impl(re; flags; true);
def _regex(f): (type) as $type
  | if $type == "string" then [., null]
    elif $type == "array" and length > 1 then [.[0], .[1]]
    elif $type == "array" and length > 0 then [.[0], null]
    else error($type + " not a string or array") end | f;
def match($re): ($re | _regex(.)) as $both | match($both[0]; $both[1]);
def test($re): ($re | _regex(.)) as $both | test($both[0]; $both[1]);
def _captured: [.captures[] | select(.name != null) | {(.name): .string}] | add // {};
def capture(re; flags): match(re; flags) | _captured;
def capture($re): ($re | _regex(.)) as $both | capture($both[0]; $both[1]);
def scan(re): match(re; "g") | if (.captures | length) > 0 then [.captures[].string] else .string end;
def _nwise($n): if length <= $n then . else .[0:$n], (.[$n:] | _nwise($n)) end;
def splits($re; flags): . as $text
  | [0, (match($re; "g" + flags) | .offset, .offset + .length), length] | _nwise(2) | $text[.[0]:.[1]];
def splits($re): splits($re; null);
def split($re; flags): [splits($re; flags)];
def sub($re; f): . as $text
  | [match($re)] | if length == 0 then $text
    else .[0] | . as $match | _captured | $text[0:$match.offset] + f + $text[$match.offset + $match.length:] end;
def sub($re; f; flags): (flags | index("g")) as $all | (flags | split("g") | join("")) as $rest
  | def go: . as $text
      | [match($re; $rest)] | if length == 0 then $text
        else .[0] as $match | ($match.offset + $match.length) as $stop | $match | _captured
          | $text[0:$match.offset] + f + ($text[$stop:] | if length > 0 and $all then go else . end) end;
    go;
def gsub($re; f; flags): sub($re; f; flags + "g");
def gsub($re; f): sub($re; f; "g");
def tostream: path(def r: (.[]? | r), .; r) as $path | getpath($path)
  | reduce path(.[]?) as $next ([$path, .]; [$path + $next]);
def fromstream(f): { top: null, done: false } as $start
  | foreach f as $event ($start;
      if .done then $start else . end
      | if $event | length == 2
        then setpath(["done"]; $event[0] | length == 0) | setpath(["top"] + $event[0]; $event[1])
        else setpath(["done"]; $event[0] | length == 1) end;
      if .done then .top else empty end);
def truncate_stream(f): . as $depth | null | f | . as $event
  | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;
def bsearch($wanted): . as $items
  | def go($low; $high):
      if $low > $high then -1 - $low
      else (($low + $high) / 2 | floor) as $middle
        | if $items[$middle] == $wanted then $middle
          elif $items[$middle] < $wanted then go($middle + 1; $high)
          else go($low; $middle - 1) end end;
    go(0; length - 1);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | if type == "string" then . else tojson end] |= $row);
def INDEX(f): INDEX(.[]; f);
def JOIN($index; f): [.[] | [., $index[f]]];
def JOIN($index; stream; f): stream | [., $index[f]];
def JOIN($index; stream; f; g): stream | [., $index[f]] | g;
def IN(stream): . as $x | any(stream; . == $x);
def IN(source; stream): any(source; IN(stream));
def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 else . end) | implode;
def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 else . end) | implode;
`;
