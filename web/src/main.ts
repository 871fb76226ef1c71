import { mount } from 'svelte';
import './styles/font.css';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { startRouter } from './lib/router/router.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
startRouter();
mount(App, { target });
