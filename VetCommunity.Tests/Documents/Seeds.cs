using CsCheck;
using Xunit;

namespace VetCommunity.Tests.Documents;

/// <summary>Properties over the same bounded number of cases in each run, which the report names; a red one prints its case.</summary>
static class Seeds
{
    public const string Fixed = "0000KqX4zWa3";

    /// <summary>Texts of so many of these pieces.</summary>
    public static Gen<string> Texts(int most, params string[] pieces) => Gen.Int[0, pieces.Length - 1].Array[0, most].Select(parts => string.Concat(parts.Select(part => pieces[part])));

    public static void Hold<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> property, int cases = 300) => gen.Hold(one => property(one.Item1, one.Item2), cases);

    public static void Hold<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> property, int cases = 300) => gen.Hold(one => property(one.Item1, one.Item2, one.Item3), cases);

    public static void Hold<T>(this Gen<T> gen, Action<T> property, int cases = 300)
    {
        TestContext.Current.SendDiagnosticMessage($"{cases} cases from seed {Fixed}");
        // The seed is that of the first sample alone, so that one holds all cases.
        gen.Array[cases].Sample(all => Array.ForEach(all, HoldOne), seed: Fixed, iter: 1, threads: 1);

        void HoldOne(T one)
        {
            try
            {
                property(one);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(Check.Print(one), error);
            }
        }
    }
}
