// Where the map has to go for a place to be seen.

const ZOOM_OF_POINT = 10;
const ZOOM_OF_LEVEL = { sido: 7, sigungu: 9, emd: 11 };

/** Returns what the map needs to show a place, from its story. */
export function targetOf({ kind }, story) {
  if (kind !== "region") return { kind, point: story[kind].geometry.coordinates, zoom: ZOOM_OF_POINT };
  const { code, level } = story.region;
  return {
    point: story.label_point.coordinates,
    regionCode: code,
    zoom: ZOOM_OF_LEVEL[level],
  };
}
