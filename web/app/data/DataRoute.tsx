export function DataRoute() { return <p>DataRoute</p>; }
