export function NewProjectPage() { return <p>NewProjectPage</p>; }
