// As much of Vitest as the core's unit tests use, in the calling process: a runner would cost more than the tests.

import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = Object.assign((value, message) => chai.expect(value, message), {
  objectContaining: (...args) => chai.expect.objectContaining(...args),
  arrayContaining: (...args) => chai.expect.arrayContaining(...args),
});

export function describe(_, suite) {
  suite();
}
describe.each = (table) => (_, suite) => {
  for (const row of table) suite(...(Array.isArray(row) ? row : [row]));
};

export function test(_, run) {
  run({});
}
test.each = (table) => (_, run) => {
  for (const row of table) run(...(Array.isArray(row) ? row : [row]));
};
test.for = (table) => (_, run) => {
  for (const row of table) run(row, {});
};
