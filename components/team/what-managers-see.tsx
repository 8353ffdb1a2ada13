import styles from './what-managers-see.module.css';

/** Told before one joins and to every member. Keep it true: it describes `DashboardRow` of lib/server/teams. */
export function WhatManagersSee() {
  return (
    <div className={styles.seen}>
      <p>Managers of the team see</p>
      <ul>
        <li>your name and your email address,</li>
        <li>which lessons you have begun and finished, and on which day.</li>
      </ul>
      <p>
        They do not see what you type into terminals, your answers to questions, or where you stopped reading. When you
        leave the team they see nothing any more.
      </p>
    </div>
  );
}
