import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Course, keepsWithin, type Sample } from "../../soak/measure.mjs";

const folder = mkdtempSync(join(tmpdir(), "quorate-course-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function courseOf(memoryMb: readonly number[]): Course {
  const course = new Course(() => process.pid, folder);
  course.samples.push(...memoryMb.map((mb): Sample => ({ memoryMb: mb, diskMb: 1, files: 10 })));
  return course;
}

test("a process is looked at as it is, and one that is gone not at all", () => {
  writeFileSync(join(folder, "file"), Buffer.alloc(3 << 20, 1));
  const course = new Course(() => process.pid, folder);
  course.look();
  expect(course.last?.memoryMb).toBeGreaterThan(10);
  expect(course.last?.diskMb).toBeGreaterThanOrEqual(3);
  expect(course.last?.files).toBeGreaterThan(3);
  const gone = new Course(() => undefined, folder);
  gone.look();
  expect(gone.last).toBeUndefined();
});

test("what only warms up is steady, what goes on growing is not, what is too much is told", () => {
  const warm = courseOf([50, 90, 100, 110, 112, 111, 113, 110, 112]);
  expect(keepsWithin(warm.peaks("memoryMb"), 400, 48)).toEqual({ belowMax: true, steady: true });
  const leak = courseOf([50, 80, 110, 140, 170, 200, 230, 260, 290]);
  expect(keepsWithin(leak.peaks("memoryMb"), 400, 48)).toEqual({ belowMax: true, steady: false });
  const large = courseOf([500, 500, 500, 510, 510, 510, 505, 505, 505]);
  expect(keepsWithin(large.peaks("memoryMb"), 400, 48)).toEqual({ belowMax: false, steady: true });
});

test("the page states the bounds that the program checks", () => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const page = read("docs/soak.md");
  const program = read("soak/run.mjs");
  const bound = (name: string): string =>
    new RegExp(`const ${name} = (\\d+);`).exec(program)?.[1] ?? `no ${name}`;
  expect(page).toContain(`below ${bound("MEMORY_MB_MAX")} MB`);
  expect(page).toContain(`at most ${bound("MEMORY_GROWTH_MB_MAX")} MB above`);
  expect(page).toContain(`below ${bound("DISK_MB_MAX")} MB`);
  expect(page).toContain(`at most ${bound("DISK_GROWTH_MB_MAX")} MB above`);
  expect(page).toContain(`below ${bound("FILES_MAX")} |`);
});
