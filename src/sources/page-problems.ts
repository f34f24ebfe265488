export function pageProblem(_page: {
  title: string;
  text: string;
  html: string;
}): { code: "empty-page" | "consent-page" | "paywall"; message: string } | null {
  return null;
}
