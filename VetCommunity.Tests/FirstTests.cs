namespace VetCommunity.Tests;
