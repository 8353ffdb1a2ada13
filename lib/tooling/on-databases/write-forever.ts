/**
 * A program that a test kills: writes progress of ten learners as fast as it can to the database of its argument, and
 * prints the id of each answer to a question that was acknowledged.
 */
import { writeSync } from 'node:fs';
import { openDatabase, setDatabase } from '../../server/db/index.ts';
import { makeWriter, receive } from '../../server/progress/index.ts';
import { answered, content, newLearner } from './learners.ts';

const database = openDatabase(process.argv[2] ?? '');
setDatabase(database);
const writer = makeWriter(database);

async function learn(): Promise<never> {
  const learner = await newLearner(database);
  for (;;) {
    const events = [answered(['ends']), answered(['wire'])];
    const results = await receive(learner, events, content, writer);
    for (const { id, status } of results) if (status === 'accepted') writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 10 }, learn));
