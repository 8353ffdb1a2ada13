export default function Home() {
  return <h1>Hopwise</h1>;
}
