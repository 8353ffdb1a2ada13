'use client';

import { useEffect } from 'react';
import { runInTerminal } from '@/components/terminal/bus';
import { Terminal } from '@/components/terminal/terminal';
import styles from './live-network.module.css';
import { NetworkDrawing } from './network-drawing';
import { Packets } from './packets';
import { FIRST_COMMAND, POD_PAIR } from './pod-pair';

const ID = 'home';

/**
 * The picture of a network and the terminal of the same one: what crosses the picture is what the simulator sends. The
 * first command is typed by the page, the next by whoever likes to.
 */
export function LiveNetwork() {
  useEffect(() => {
    // The terminal registers itself in an effect of its own, which runs before this one.
    runInTerminal(ID, FIRST_COMMAND);
  }, []);
  return (
    <figure className={styles.stage}>
      <NetworkDrawing>
        <Packets terminal={ID} />
      </NetworkDrawing>
      <div className={styles.terminal}>
        <Terminal id={ID} world="host" title="node" setup={POD_PAIR} />
      </div>
      <figcaption>
        Each packet in the picture is one that the simulated kernel sent, slowed down for the eye.
      </figcaption>
    </figure>
  );
}
