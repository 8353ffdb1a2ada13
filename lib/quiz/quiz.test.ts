import { describe, expect, test } from 'vitest';
import { grade, parseQuiz, publicQuestion, type Question, shownGrade, versionOf } from './index.ts';

const yaml = `questions:
  - id: q-one
    kind: single
    prompt: |
      What does \`ip link\` show?

      \`\`\`console
      $ ip link
      \`\`\`
    options:
      - { id: links, text: 'Every *link*', correct: true, feedback: 'Yes, see [the manual](https://man7.org/).' }
      - { id: routes, text: Routes, feedback: That is ip route. }
    explanation: Links are layer 2.
  - id: q-two
    kind: multiple
    prompt: Which are private?
    options:
      - { id: ten, text: 10.0.0.0/8, correct: true, feedback: RFC 1918. }
      - { id: hundred, text: 192.168.0.0/16, correct: true, feedback: RFC 1918. }
      - { id: eight, text: 8.0.0.0/8, feedback: That is public. }
      - { id: nine, text: 9.0.0.0/8, feedback: That is public. }
`;

function questions(text = yaml): [Question, Question] {
  const { quiz, problems } = parseQuiz(text, 'quiz.yaml');
  expect(problems).toEqual([]);
  const [one, two] = quiz?.questions ?? [];
  if (!one || !two) throw new Error('two questions are expected');
  return [one, two];
}

const problemsOf = (from: string | RegExp, to: string) =>
  parseQuiz(yaml.replace(from, to), 'a/quiz.yaml').problems.map(({ file, line, rule, message, fix }) => {
    expect(fix).not.toBe('');
    return `${file}:${line} ${rule}: ${message}`;
  });

describe('what an author gets wrong is said with its line', () => {
  test('no YAML', () => {
    expect(problemsOf('prompt: Which are private?', 'prompt: Which: are private?')[0]).toMatch(
      /^a\/quiz.yaml:16 yaml-syntax: This is not valid YAML/,
    );
  });

  test('two right options of a single choice', () => {
    expect(problemsOf('text: Routes,', 'text: Routes, correct: true,')).toEqual([
      'a/quiz.yaml:12 quiz-invalid: Question "q-one": 2 options are correct, but only one can be chosen.',
    ]);
  });

  test('no right option', () => {
    expect(problemsOf(" correct: true, feedback: 'Yes", " feedback: 'Yes")[0]).toMatch(/:11 .*No option is correct/);
  });

  test('nothing wrong to choose', () => {
    expect(problemsOf(/feedback: That is public/g, 'correct: true, feedback: x')[0]).toMatch(/nothing is asked/);
  });

  test('no feedback, a misspelt field, an unknown kind, an id twice', () => {
    expect(problemsOf(', feedback: That is ip route.', '')).toEqual([
      'a/quiz.yaml:12 quiz-invalid: feedback of option "routes" of question "q-one" is missing.',
    ]);
    expect(problemsOf('explanation:', 'explain:')[0]).toMatch(/:13 .*"explain" is not a field of question "q-one"/);
    expect(problemsOf('kind: multiple', 'kind: drag')[0]).toMatch(
      /:14 .*question "q-two" is of no known kind|of no known kind/,
    );
    expect(problemsOf('q-two', 'q-one')).toEqual(['a/quiz.yaml:14 duplicate-id: The id "q-one" is there twice.']);
    expect(problemsOf('id: nine', 'id: eight')[0]).toMatch(/:21 duplicate-id/);
  });

  test('an empty file', () => {
    expect(parseQuiz('', 'quiz.yaml').problems).toHaveLength(1);
  });
});

test('the browser gets no key, no feedback, no explanation', () => {
  const sent = JSON.stringify(questions().map(publicQuestion));
  expect(sent).not.toMatch(/correct|feedback|explanation|RFC 1918|manual|layer 2/);
  expect(publicQuestion(questions()[0])).toMatchObject({
    prompt: [{ p: ['What does ', { code: 'ip link' }, ' show?'] }, { pre: '$ ip link', language: 'console' }],
    options: [{ text: ['Every ', { em: ['link'] }] }, { text: ['Routes'] }],
  });
});

describe('grading', () => {
  const score = (question: Question, ...answer: string[]) => grade(question, answer)?.score;

  test('single choice', () => {
    const [one] = questions();
    expect(score(one, 'links')).toBe(1);
    expect(score(one, 'routes')).toBe(0);
  });

  test('multiple choice gives part of the credit, and guessing everything none', () => {
    const [, two] = questions();
    expect(score(two, 'ten', 'hundred')).toBe(1);
    expect(score(two, 'hundred', 'ten')).toBe(1);
    expect(score(two, 'ten')).toBe(0.5);
    expect(score(two, 'ten', 'hundred', 'eight')).toBe(0.5);
    expect(score(two, 'ten', 'eight')).toBe(0);
    expect(score(two, 'eight', 'nine')).toBe(0);
    expect(score(two, 'ten', 'hundred', 'eight', 'nine')).toBe(0);
  });

  test('what is no answer has no grade', () => {
    const [one, two] = questions();
    for (const answer of [[], ['links', 'routes'], ['nothing']]) expect(grade(one, answer)).toBeUndefined();
    for (const answer of [[], ['ten', 'ten'], ['ten', 'nothing']]) expect(grade(two, answer)).toBeUndefined();
  });

  test('a wrong try tells of the chosen options only; the right one, and the third, of all', () => {
    const [one] = questions();
    const wrong = grade(one, ['routes']);
    const right = grade(one, ['links']);
    if (!wrong || !right) throw new Error('both are answers');
    expect(shownGrade(wrong, 1).perOption.map(({ id }) => id)).toEqual(['routes']);
    expect(shownGrade(wrong, 2).explanation).toBeUndefined();
    expect(shownGrade(wrong, 3).perOption).toHaveLength(2);
    expect(shownGrade(right, 1)).toMatchObject({ correct: true, explanation: [{ p: ['Links are layer 2.'] }] });
  });
});

test('the version changes with what is asked, not with how an answer is explained', () => {
  const [one] = questions();
  expect(versionOf(questions(yaml.replace('Links are layer 2', 'Links lie below'))[0])).toBe(versionOf(one));
  expect(versionOf(questions(yaml.replace('text: Routes', 'text: Ways'))[0])).not.toBe(versionOf(one));
  expect(versionOf(questions(yaml.replace('What does', 'What can'))[0])).not.toBe(versionOf(one));
});

test('markdown becomes plain data: no HTML, no link to anything but the web and this site', () => {
  const text = '<img src=x onerror=alert(1)> and [click](javascript:alert(1)) and [home](/) and **bold**';
  const [one] = questions(yaml.replace('Links are layer 2.', `'${text}'`));
  expect(grade(one, ['links'])?.explanation).toEqual([
    {
      p: [
        '<img src=x onerror=alert(1)>',
        ' and ',
        { em: ['click'] },
        ' and ',
        { link: '/', children: ['home'] },
        ' and ',
        { strong: ['bold'] },
      ],
    },
  ]);
});
