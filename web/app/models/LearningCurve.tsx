import { useEffect, useId, useRef, useState } from "react";
import type { ControlReport, Estimate } from "../api/mlModels";
import { countOf, formatCount } from "../format";
import { drawCurve, type Frame } from "./curve";
import styles from "./LearningCurve.module.css";

const metricWords: Readonly<Record<Estimate["metric"], string>> = {
  accuracy: "Right suggestions",
  macro_f1: "F1, averaged over labels",
  micro_f1: "F1 over all labels",
  span_f1: "F1 of exact spans",
  mae: "Mean error",
};

export function metricName(metric: Estimate["metric"]): string {
  return metricWords[metric] ?? metric;
}

/** A share as percent, an error as a number. */
export function metricValue(metric: Estimate["metric"], value: number): string {
  return metric === "mae" ? value.toPrecision(3) : `${Math.round(value * 100)} %`;
}

const room = { height: 200, left: 44, right: 12, top: 10, bottom: 26 };

/** The width of an element in px, so that the words of a drawing keep their size. */
function useWidth<E extends Element>(first_px: number) {
  const element = useRef<E>(null);
  const [width_px, setWidth] = useState(first_px);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(200, Math.round(entry.contentRect.width))));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width_px] as const;
}

/** How good the model is after so many labels, on labels it did not learn from; the same as a table for those who do not see it. */
export function LearningCurve({ report }: { report: ControlReport }) {
  const id = useId();
  const [chart, width] = useWidth<SVGSVGElement>(520);
  const frame: Frame = { ...room, width };
  const points = report.curve ?? [];
  const main = report.metrics?.[0];
  if (points.length < 2 || !main) return null;
  const baseline = report.baseline ?? null;
  const drawing = drawCurve(points, baseline?.value ?? null, frame);
  const show = (value: number) => metricValue(main.metric, value);
  return (
    <figure className={styles.figure}>
      <svg ref={chart} viewBox={`0 0 ${frame.width} ${frame.height}`} className={styles.chart} aria-hidden focusable="false">
        {drawing.yTicks.map(({ y, value }) => (
          <g key={y}>
            <line x1={frame.left} x2={frame.width - frame.right} y1={y} y2={y} className={styles.grid} />
            <text x={frame.left - 6} y={y + 4} className={styles.yWord}>
              {show(value)}
            </text>
          </g>
        ))}
        {drawing.xTicks.map(({ x, labels }, index) => (
          <text key={labels} x={x} y={frame.height - 6} className={index === 0 ? styles.xFirst : index === drawing.xTicks.length - 1 ? styles.xLast : styles.xWord}>
            {index === drawing.xTicks.length - 1 ? countOf(labels, "label") : formatCount(labels)}
          </text>
        ))}
        <path d={drawing.band} className={styles.band} />
        {drawing.baselineY !== null && <line x1={frame.left} x2={frame.width - frame.right} y1={drawing.baselineY} y2={drawing.baselineY} className={styles.baseline} />}
        <path d={drawing.line} className={styles.line} />
        {drawing.dots.map(({ x, y, point }) => (
          <circle key={point.labels} cx={x} cy={y} r={3} className={styles.dot}>
            <title>{`${countOf(point.labels, "label")}: ${show(point.value)} (${show(point.low)} to ${show(point.high)})`}</title>
          </circle>
        ))}
      </svg>
      <figcaption id={id} className={styles.caption}>
        <span>
          <i className={styles.lineKey} aria-hidden /> {metricName(main.metric)}, with its 95 % interval
        </span>
        {baseline && (
          <span>
            <i className={styles.baselineKey} aria-hidden /> Always the most frequent answer: {show(baseline.value)}
          </span>
        )}
      </figcaption>
      <details className={styles.numbers}>
        <summary>Numbers</summary>
        <table aria-describedby={id}>
          <thead>
            <tr>
              <th scope="col">Labels</th>
              <th scope="col">{metricName(main.metric)}</th>
              <th scope="col">95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.labels}>
                <td>{formatCount(point.labels)}</td>
                <td>{show(point.value)}</td>
                <td>
                  {show(point.low)} to {show(point.high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
