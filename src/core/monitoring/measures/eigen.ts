/** Eigenvalues and eigenvectors of a symmetric matrix. */

/**
 * Cyclic Jacobi rotations until what is off the diagonal is rounding. `matrix`: rows after one another, n x n; it is not changed. Values in descending order, `vectors[k]` of
 * length 1 belongs to the k-th. Source: Jacobi (1846); Golub & Van Loan, Matrix Computations, 8.5. Edge cases: n = 0 gives none; equal values have any basis.
 */
export function eigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array[] } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const size = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 50 && off(a, n) > size * 1e-26; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, { n, p, q });
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((i, j) => (a[j * n + j] ?? 0) - (a[i * n + i] ?? 0));
  // Rows of v are the vectors.
  return { values: Float64Array.from(order, (k) => a[k * n + k] ?? 0), vectors: order.map((k) => v.slice(k * n, k * n + n)) };
}

function off(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += (a[i * n + j] ?? 0) ** 2;
  return 2 * sum;
}

function rotate(a: Float64Array, v: Float64Array, { n, p, q }: { n: number; p: number; q: number }): void {
  const at = a[p * n + q] ?? 0;
  if (at === 0) return;
  const theta = ((a[q * n + q] ?? 0) - (a[p * n + p] ?? 0)) / (2 * at);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, { c, s });
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, { c, s });
  for (let k = 0; k < n; k++) turn(v, p * n + k, q * n + k, { c, s });
}

function turn(values: Float64Array, i: number, j: number, { c, s }: { c: number; s: number }): void {
  const [x, y] = [values[i] ?? 0, values[j] ?? 0];
  values[i] = c * x - s * y;
  values[j] = s * x + c * y;
}
