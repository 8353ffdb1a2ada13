import Link from 'next/link';
import { ContinueButton } from '@/components/lesson/continue-button';
import { CourseProgressProvider } from '@/components/lesson/course-progress';
import { LinkButton } from '@/components/ui/button';
import { type CourseOutline, courseOutlines } from '@/lib/server/content';
import { paths } from '@/lib/shared/paths';
import { CourseLine } from './_home/course-line';
import styles from './_home/home.module.css';
import { LiveNetwork } from './_home/live-network';

export const revalidate = 30;

export default async function Home() {
  const [outline] = await courseOutlines();
  return (
    <CourseProgressProvider>
      <div className={styles.page}>
        <section className={styles.hero}>
          <div className={styles.words}>
            <h1>Learn Kubernetes networking hop by hop</h1>
            <p>
              On a network that is alive in your browser: you type real commands, real packets cross it, and every hop
              can be looked at.
            </p>
            {outline && <Actions outline={outline} />}
          </div>
          <div className={styles.stage}>
            <LiveNetwork />
          </div>
        </section>
        {outline && (
          <section className={styles.way} aria-labelledby="way">
            <div className={styles.wayWords}>
              <h2 id="way">The way through</h2>
              <Link href={paths.course(outline.course.id)}>See every lesson on the map</Link>
            </div>
            <CourseLine course={outline.course.id} modules={outline.modules} />
          </section>
        )}
        <Audiences />
      </div>
    </CourseProgressProvider>
  );
}

function Actions({ outline }: { outline: CourseOutline }) {
  return (
    <div className={styles.actions}>
      <ContinueButton lessons={outline.lessons} start="Start, no account needed" />
      <LinkButton size="large" href={paths.course(outline.course.id)}>
        See the map
      </LinkButton>
    </div>
  );
}

function Audiences() {
  return (
    <section className={styles.audiences} aria-label="What is in it for whom">
      <div>
        <h2>You learn by doing</h2>
        <p>
          Each lesson asks a question, lets you predict, and gives you the machine to find out. What you did is there
          again tomorrow, on any device once you sign in.
        </p>
        <Link href={paths.glossary}>Every term in plain words</Link>
      </div>
      <div>
        <h2>You write for your company</h2>
        <p>
          Lessons are folders of MDX and YAML. Point to a second folder and private chapters stand beside ours. A
          mistake is one message with the file, the line and the fix.
        </p>
        <Link href={paths.commands}>What the terminal simulates</Link>
      </div>
      <div>
        <h2>You lead a team</h2>
        <p>
          Invite people by a link and see who has finished what, live. What you can see is told to them before they
          join.
        </p>
        <Link href={paths.teams}>Make a team</Link>
      </div>
    </section>
  );
}
