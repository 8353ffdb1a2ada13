import { startEarly } from './components/terminal/early-start';

// Next runs this file in the browser before React brings the page to life.
startEarly();
