using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace VetCommunity.Tests.Browser;

/// <summary>Axe in a page.</summary>
static class Axe
{
    /// <summary>Every document that the page opens from now on brings axe along. Once a document and not once a look, as the package's own RunAxe does.</summary>
    public static Task BringAxeAsync(this IPage page) => page.AddInitScriptAsync(new BundledAxeScriptProvider().GetScript());

    /// <summary>What axe finds in the page as it is when nothing moves any more; empty if it finds nothing.</summary>
    /// <param name="page">The page.</param>
    /// <param name="only">These rules of axe; all, the size of targets included, where none is named.</param>
    /// <param name="without">But not these.</param>
    public static Task<string> FindAsync(IPage page, string[]? only = null, string[]? without = null) => page.EvaluateAsync<string>(
        """
        async ({ only, without }) => {
          await document.fonts.ready;
          // What moves may set what lies within it moving in the next frame.
          for (let moving = [null]; moving.length > 0; await Promise.all(moving.map(one => one.finished.catch(() => {})))) {
            await new Promise(requestAnimationFrame);
            moving = document.getAnimations().filter(one => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
          }
          const options = only.length > 0 ? { runOnly: { type: 'rule', values: only } }
            : { rules: Object.fromEntries([['target-size', { enabled: true }], ...without.map(rule => [rule, { enabled: false }])]) };
          return (await axe.run({ ...options, resultTypes: ['violations'] })).violations
            .map(v => [`${v.id}: ${v.help}`, ...v.nodes.slice(0, 5).map(n => `${n.html} ${n.any.map(check => check.message).join(' ')}`)].join('\n  ')).join('\n');
        }
        """, new { only = only ?? [], without = without ?? [] });
}
