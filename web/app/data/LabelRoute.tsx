export function LabelRoute() { return <p>LabelRoute</p>; }
