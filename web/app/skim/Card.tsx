import { Chip, cx } from "@labelwright/ui";
import { FileAudio, FileQuestion, FileVideo, ImageOff } from "lucide-react";
import { useState } from "react";
import styles from "./Card.module.css";
import { labelsOfPrediction, scoreText, shownOf, wordsOf, type Controls, type Figure, type Shown } from "./content";
import { excerpt, plainText } from "./excerpt";
import type { SkimTask } from "./skimQuery";

const MOST_CHARS = 420;
const MOST_LABELS = 6;

/** A task as the model sees it: picture or text with what is drawn on it, its labels, the score. */
export function CardContent({ task, controls, colors }: { task: SkimTask; controls: Controls; colors: ReadonlyMap<string, string> }) {
  const { result, score } = task.prediction;
  const labels = labelsOfPrediction(result, colors);
  const words = wordsOf(result);
  return (
    <>
      <span className={styles.objects}>
        {shownOf(controls, task).map((shown, index) => (
          <ObjectView key={index} shown={shown} colors={colors} />
        ))}
      </span>
      <span className={styles.foot}>
        <span className={styles.labels}>
          {labels.slice(0, MOST_LABELS).map(({ text, count, color }) => (
            <Chip key={text} color={color ?? "var(--border-control)"} title={text}>
              {text}
              {count > 1 && ` ×${count}`}
            </Chip>
          ))}
          {labels.length > MOST_LABELS && <span className={styles.muted}>+{labels.length - MOST_LABELS}</span>}
          {words && <q className={styles.words}>{words.slice(0, 200)}</q>}
          {labels.length === 0 && !words && <span className={styles.muted}>Nothing to mark</span>}
        </span>
        <span className={styles.score} title={score === null ? "The model gave no score" : `Score ${score}`}>
          {score !== null && score >= 0 && score <= 1 && <span className={styles.bar} style={{ "--part": score } as React.CSSProperties} aria-hidden />}
          {scoreText(score)}
        </span>
      </span>
    </>
  );
}

function ObjectView({ shown, colors }: { shown: Shown; colors: ReadonlyMap<string, string> }) {
  switch (shown.is) {
    case "image":
      return <Picture url={shown.url} figures={shown.figures} colors={colors} />;
    case "text":
      return (
        <span className={styles.text} dir="auto">
          {excerpt(shown.text, shown.spans, MOST_CHARS).map(({ text, label }, index) =>
            label === null ? text : <mark key={index} className={styles.span} style={tint(colors, label)} title={label}>{text}</mark>,
          )}
        </span>
      );
    case "html":
      return <span className={styles.text} dir="auto">{plainText(shown.html).slice(0, MOST_CHARS)}</span>;
    case "other": {
      const Icon = shown.kind === "Audio" ? FileAudio : shown.kind === "Video" ? FileVideo : FileQuestion;
      return (
        <span className={styles.other}>
          <Icon aria-hidden />
          <span>{shown.kind}</span>
          <span className={styles.muted}>{shown.text.slice(0, 80)}</span>
        </span>
      );
    }
  }
}

/** The picture at the size of the card; figures in percent over it, thin whatever its size. */
function Picture({ url, figures, colors }: { url: string; figures: readonly Figure[]; colors: ReadonlyMap<string, string> }) {
  const [failed, setFailed] = useState(false);
  if (failed) {
    return (
      <span className={styles.other}>
        <ImageOff aria-hidden />
        <span className={styles.muted}>This picture could not be loaded</span>
      </span>
    );
  }
  return (
    <span className={styles.picture}>
      <span className={styles.frame}>
        <img src={url} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setFailed(true)} />
        {figures.length > 0 && (
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" className={styles.figures} aria-hidden>
            {figures.map((figure, index) => (
              <FigureView key={index} figure={figure} color={colors.get(figure.label) ?? "var(--accent)"} />
            ))}
          </svg>
        )}
      </span>
    </span>
  );
}

function FigureView({ figure, color }: { figure: Figure; color: string }) {
  const look = { stroke: color, fill: color, className: styles.figure };
  switch (figure.is) {
    case "box":
      return <rect {...look} x={figure.x} y={figure.y} width={Math.max(0, figure.width)} height={Math.max(0, figure.height)} {...turned(figure)} />;
    case "ellipse":
      return <ellipse {...look} cx={figure.x} cy={figure.y} rx={Math.abs(figure.rx)} ry={Math.abs(figure.ry)} {...turned(figure)} />;
    case "polygon":
      return <polygon {...look} points={figure.points.map((point) => point.join(",")).join(" ")} />;
    case "point":
      // A line of no length with round ends is a dot, however the picture is stretched.
      return <path stroke={color} className={styles.dot} d={`M${figure.x} ${figure.y}h0`} />;
  }
}

function turned({ x, y, rotation }: { x: number; y: number; rotation: number }): { transform?: string } {
  return rotation ? { transform: `rotate(${rotation} ${x} ${y})` } : {};
}

function tint(colors: ReadonlyMap<string, string>, label: string): React.CSSProperties {
  return { "--tint": colors.get(label) ?? "var(--accent)" } as React.CSSProperties;
}

interface CardProps {
  task: SkimTask;
  controls: Controls;
  colors: ReadonlyMap<string, string>;
  index: number;
  total: number;
  active: boolean;
  onFocus: () => void;
  onOpen: () => void;
}

export function Card({ task, controls, colors, index, total, active, onFocus, onOpen }: CardProps) {
  return (
    <div
      role="option"
      className={cx(styles.card, active && styles.active)}
      data-card={index}
      data-prediction={task.prediction.id}
      aria-selected={active}
      aria-setsize={total}
      aria-posinset={index + 1}
      tabIndex={active ? 0 : -1}
      onFocus={onFocus}
      onDoubleClick={onOpen}
    >
      <CardContent task={task} controls={controls} colors={colors} />
    </div>
  );
}
