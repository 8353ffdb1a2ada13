import { ADDRESS_TYPES, type AddressType, type Inverted, type Match } from '../../../kernel/netfilter/index.ts';
import { last, type MatchExtension } from '../extension.ts';
import { badParameter } from '../refusal.ts';

type Addrtype = Extract<Match, { name: 'addrtype' }>;

function parseTypes(text: string): AddressType[] {
  const given = text.split(',').map((word) => {
    const found = ADDRESS_TYPES.find((one) => one === word.toUpperCase());
    if (found === undefined) throw badParameter(`addrtype: bad type "${word}"`);
    return found;
  });
  return ADDRESS_TYPES.filter((one) => given.includes(one));
}

export const addrtype: MatchExtension<Addrtype> = {
  name: 'addrtype',
  options: [
    { name: 'src-type' },
    { name: 'dst-type' },
    { name: 'limit-iface-in', values: 0 },
    { name: 'limit-iface-out', values: 0 },
  ],
  parse: (given) => {
    const side = (name: string): Inverted<readonly AddressType[]> | undefined => {
      const one = last(given, name);
      return one === undefined ? undefined : { value: parseTypes(one.value), invert: one.invert };
    };
    const src = side('src-type');
    const dst = side('dst-type');
    if (src === undefined && dst === undefined)
      throw badParameter('addrtype: you must specify --src-type or --dst-type');
    const limit = last(given, 'limit-iface-in') ? 'in' : last(given, 'limit-iface-out') ? 'out' : undefined;
    return {
      name: 'addrtype',
      ...(src === undefined ? {} : { src }),
      ...(dst === undefined ? {} : { dst }),
      ...(limit === undefined ? {} : { limit }),
    };
  },
  save: ({ src, dst, limit }) =>
    [
      ...(src === undefined ? [] : [`${src.invert ? '! ' : ''}--src-type ${src.value.join(',')}`]),
      ...(dst === undefined ? [] : [`${dst.invert ? '! ' : ''}--dst-type ${dst.value.join(',')}`]),
      ...(limit === undefined ? [] : [`--limit-iface-${limit}`]),
    ].join(' '),
  list: ({ src, dst, limit }) =>
    [
      'ADDRTYPE match',
      ...(src === undefined ? [] : [`src-type ${src.invert ? '!' : ''}${src.value.join(',')}`]),
      ...(dst === undefined ? [] : [`dst-type ${dst.invert ? '!' : ''}${dst.value.join(',')}`]),
      ...(limit === undefined ? [] : [`limit-${limit}`]),
    ].join(' '),
};
