import { Options, type OptionsProps } from './options';

export function Single(props: OptionsProps) {
  return <Options {...props} type="radio" toggle={(id) => [id]} />;
}
