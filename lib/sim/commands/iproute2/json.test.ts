import { expect, it } from 'vitest';
import { RawNumber, renderJson } from './json.ts';

it('prints JSON as iproute2 does', () => {
  expect(
    renderJson([{ ifname: 'lo', flags: ['UP'], mtu: 1500, x: null, weight: new RawNumber('0.00') }, {}], false),
  ).toBe('[{"ifname":"lo","flags":["UP"],"mtu":1500,"x":null,"weight":0.00},{}]\n');
  expect(renderJson([{ ifname: 'lo', flags: ['UP'], none: [] }], true)).toBe(
    '[ {\n        "ifname": "lo",\n        "flags": [ "UP" ],\n        "none": [ ]\n    } ]\n',
  );
});

it('escapes what a string may hold', () => {
  expect(renderJson(['a"b\\c/d\n'], false)).toBe('["a\\"b\\\\c/d\\n"]\n');
});
