// The marks of the map as images: what a mark is can be told by its shape, not only its colour.

const RATIO = 2;
export const INK = "#1e2124";
export const MARK_COLORS = { placement: "#ffb114", proposal: "#ffffff" };

function draw(size, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = size * RATIO;
  canvas.height = size * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  paint(context, size);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function outline(context, color) {
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = INK;
  context.stroke();
}

/**
 * The sizes of marks that stand for several, by their count: the number has to fit in. `shift` is how
 * far circles go down and right and diamonds up and left, for neither to cover the other's number.
 */
export const CLUSTER_STEPS = [
  { from: 2, circle: 26, diamond: 34, shift: 8 },
  { from: 10, circle: 30, diamond: 40, shift: 10 },
  { from: 100, circle: 38, diamond: 48, shift: 12 },
  { from: 1000, circle: 50, diamond: 62, shift: 15 },
  { from: 10000, circle: 58, diamond: 70, shift: 17 },
];

function placement(context, size) {
  const middle = size / 2;
  const reach = middle - 1.5;
  context.beginPath();
  context.moveTo(middle, middle - reach);
  context.lineTo(middle + reach, middle);
  context.lineTo(middle, middle + reach);
  context.lineTo(middle - reach, middle);
  context.closePath();
  outline(context, MARK_COLORS.placement);
}

function proposals(context, size) {
  const middle = size / 2;
  context.beginPath();
  context.arc(middle, middle, middle - 2.5, 0, 2 * Math.PI);
  outline(context, MARK_COLORS.proposal);
}

function proposal(context, size) {
  const middle = size / 2;
  proposals(context, size);
  context.beginPath();
  context.arc(middle, middle, 2, 0, 2 * Math.PI);
  context.fillStyle = INK;
  context.fill();
}

function ring(context, size) {
  const middle = size / 2;
  for (const [width, color] of [
    [5, "#ffffff"],
    [2.5, "#bd2c0f"],
  ]) {
    context.beginPath();
    context.arc(middle, middle, middle - 3, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}

function hatch(context, size) {
  context.fillStyle = "#f4f5f6";
  context.fillRect(0, 0, size, size);
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.lineWidth = 1;
  context.strokeStyle = "#8a949e";
  context.stroke();
}

/** Adds all images to a map. */
export function addShapes(map) {
  const images = {
    placement: draw(16, placement),
    proposal: draw(16, proposal),
    ring: draw(30, ring),
    "no-data": draw(8, hatch),
  };
  for (const { from, circle, diamond } of CLUSTER_STEPS) {
    images[`proposal-${from}`] = draw(circle, proposals);
    images[`placement-${from}`] = draw(diamond, placement);
  }
  for (const [name, image] of Object.entries(images)) map.addImage(name, image, { pixelRatio: RATIO });
}
