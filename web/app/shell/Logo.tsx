/** The mark: a label cut from a square, and the name where there is room. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden focusable="false">
      <rect width="20" height="20" rx="5" fill="var(--accent)" />
      <path d="M5.5 5.5h5.2l3.8 4.5-3.8 4.5H5.5z" fill="none" stroke="var(--on-accent)" strokeWidth="1.7" strokeLinejoin="round" />
      <circle cx="8.6" cy="10" r="1.25" fill="var(--on-accent)" />
    </svg>
  );
}
