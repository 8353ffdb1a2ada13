import { Options, type OptionsProps } from './options';

export function Multiple(props: OptionsProps) {
  const { chosen } = props;
  return (
    <Options
      {...props}
      type="checkbox"
      toggle={(id) => (chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id])}
    />
  );
}
