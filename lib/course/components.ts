/**
 * What a lesson may use beside Markdown. Names, properties and children are checked against this table; the components
 * themselves are in components/mdx, and the author's reference is made from the descriptions here.
 */
export type PropSpec = {
  type: 'string' | 'number' | 'boolean';
  required?: true;
  oneOf?: readonly string[];
  description: string;
  example: string;
};

export type ComponentSpec = {
  description: string;
  props: Record<string, PropSpec>;
  /** What may stand between the tags: nothing, words of a sentence, anything, or only certain components. */
  children: 'none' | 'text' | 'flow' | { only: string };
  /** The component inside which this one must stand. */
  parent?: string;
};

const title = (example: string): PropSpec => ({
  type: 'string',
  description: 'a title',
  example: `title="${example}"`,
});

export const COMPONENTS: Record<string, ComponentSpec> = {
  Terminal: {
    description: 'A terminal on a simulated machine, opened beside the lesson.',
    children: 'none',
    props: {
      id: {
        type: 'string',
        required: true,
        description: 'its name in this lesson; what one did there is kept under it',
        example: 'id="pods"',
      },
      world: {
        type: 'string',
        required: true,
        description: 'the machine or cluster it opens',
        example: 'world="host"',
      },
      title: title('Two Pods on one machine'),
      setup: {
        type: 'string',
        description: 'a script beside the lesson, run before the first prompt',
        example: 'setup="start.sh"',
      },
    },
  },
  Quiz: {
    description: 'A question of quiz.yaml, asked in this place.',
    children: 'none',
    props: {
      id: {
        type: 'string',
        required: true,
        description: 'the id of a question in quiz.yaml',
        example: 'id="q-shared-ip"',
      },
    },
  },
  Callout: {
    description: 'Something beside the main line of thought.',
    children: 'flow',
    props: {
      kind: {
        type: 'string',
        required: true,
        oneOf: ['note', 'tip', 'warning', 'mistake', 'real'],
        description:
          'note, tip, warning, mistake (a common one, with its real error message) or real (what real clusters do differently, where the simulator stops)',
        example: 'kind="note"',
      },
      title: title('On a real node'),
    },
  },
  Steps: { description: 'Things to do in order.', children: { only: 'Step' }, props: {} },
  Step: {
    description: 'One thing to do.',
    children: 'flow',
    parent: 'Steps',
    props: { title: { ...title('Make the namespace'), required: true } },
  },
  Tabs: { description: 'The same thing in variants, one shown at a time.', children: { only: 'Tab' }, props: {} },
  Tab: {
    description: 'One variant.',
    children: 'flow',
    parent: 'Tabs',
    props: { title: { ...title('iptables'), required: true } },
  },
  Figure: {
    description: 'A picture: an SVG file beside the lesson is drawn in the colours of the theme.',
    children: 'none',
    props: {
      src: {
        type: 'string',
        required: true,
        description: 'a file beside the lesson (svg, png, jpg, webp)',
        example: 'src="pods.svg"',
      },
      alt: {
        type: 'string',
        required: true,
        description: 'what the picture shows, in words, for those who do not see it',
        example: 'alt="Two namespaces joined by a veth pair"',
      },
      caption: { type: 'string', description: 'a line below it', example: 'caption="Two Pods, one cable"' },
      width: { type: 'number', description: 'its width in pixels', example: 'width={640}' },
      height: { type: 'number', description: 'its height in pixels', example: 'height={320}' },
    },
  },
  Term: {
    description: 'A word of the glossary: its definition opens where it stands.',
    children: 'text',
    props: {
      id: { type: 'string', required: true, description: 'the id of a term in content/glossary', example: 'id="veth"' },
    },
  },
};

/** The few HTML elements that Markdown has no sign for, without attributes. */
export const PLAIN_ELEMENTS = new Set([
  'abbr',
  'br',
  'dd',
  'details',
  'dl',
  'dt',
  'kbd',
  'mark',
  'samp',
  'small',
  'sub',
  'summary',
  'sup',
  'var',
  'wbr',
]);
